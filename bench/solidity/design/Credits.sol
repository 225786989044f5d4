// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title The daily credit ledger
/// @notice One staked DIEM is one dollar of credit per UTC day. Allowance is what is actively staked less what is
/// leased out; gateways spend it; leases move it to somebody else from the next day on. A new epoch needs no
/// transaction: what was used is remembered together with its epoch.
abstract contract Credits {
    using SafeCast for uint256;

    event Staked(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event Unstaked(address indexed user, uint256 amount);
    event GatewaySet(address indexed gateway, bool allowed);
    event CreditsSpent(
        address indexed account, address indexed gateway, uint256 indexed epoch, uint256 amount, uint256 remaining
    );
    event LeaseOpened(
        uint256 indexed id,
        address indexed lessor,
        address indexed lessee,
        uint256 amount,
        uint256 startEpoch,
        uint256 endEpoch
    );
    event LeaseTransferred(uint256 indexed id, address indexed from, address indexed to);
    event LeaseSpent(
        uint256 indexed id, address indexed gateway, uint256 indexed epoch, uint256 amount, uint256 remaining
    );
    event LeaseClosed(uint256 indexed id, address indexed lessor, uint256 amount);

    error InsufficientStake(uint256 available, uint256 amount);
    error NoCooldown();
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
    error OnlyGateway(address caller);
    error InsufficientCredits(address account, uint256 remaining, uint256 amount);
    error LengthMismatch(uint256 accounts, uint256 amounts);
    error InvalidLeaseTerm(uint256 epochs);
    error UnknownLease(uint256 id);
    error LeaseNotOver(uint256 id, uint256 endEpoch, uint256 epoch);
    error InsufficientLeaseCredits(uint256 id, uint256 remaining, uint256 amount);
    error OnlyLessee(uint256 id, address caller);
    error ZeroAmount();
    error ZeroAddress();

    struct Stake {
        uint128 active; // DIEM, WAD
        uint128 leased; // part of active, WAD
    }

    struct Bucket {
        uint128 amount; // DIEM, WAD
        uint64 end; // seconds
    }

    struct Used {
        uint128 amount; // dollars, WAD
        uint64 epoch;
    }

    struct Lease {
        address lessor;
        uint32 start; // first epoch of credit
        uint32 end; // first epoch without
        address lessee;
        uint128 amount; // dollars a day, WAD
        uint128 used; // in usedEpoch, WAD
        uint64 usedEpoch;
    }

    uint256 public constant cooldownDuration = 1 days;
    uint256 internal constant EPOCH = 1 days;
    uint256 internal constant MIN_STAKE = 1e17;
    uint256 internal constant MAX_TERM = 365;

    uint256 public totalStaked;
    uint256 public leaseCount;
    mapping(address => Stake) private _stakes;
    mapping(address => Bucket) private _buckets;
    mapping(address => Used) private _used;
    mapping(uint256 => Lease) private _leases;
    mapping(address => bool) public isGateway;

    modifier onlyGateway() {
        if (!isGateway[msg.sender]) revert OnlyGateway(msg.sender);
        _;
    }

    /// Moves liquid DIEM; the token decides what happens.
    function _moveDiem(address from, address to, uint256 amount) internal virtual;

    // --- staking ---

    function stake(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        _moveDiem(msg.sender, address(this), amount);
        _stakes[msg.sender].active += amount.toUint128();
        totalStaked += amount;
        emit Staked(msg.sender, amount);
    }

    function initiateUnstake(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Stake memory mine = _stakes[msg.sender];
        uint256 available = mine.active - mine.leased;
        if (amount > available) revert InsufficientStake(available, amount);
        _stakes[msg.sender].active = mine.active - uint128(amount);
        Bucket memory bucket = _buckets[msg.sender];
        _buckets[msg.sender] = Bucket(bucket.amount + uint128(amount), uint64(block.timestamp + cooldownDuration));
        emit UnstakeInitiated(msg.sender, amount);
    }

    function unstake() external {
        Bucket memory bucket = _buckets[msg.sender];
        if (bucket.end == 0) revert NoCooldown();
        if (block.timestamp < bucket.end) revert CooldownNotOver(bucket.end, block.timestamp);
        delete _buckets[msg.sender];
        totalStaked -= bucket.amount;
        _moveDiem(address(this), msg.sender, bucket.amount);
        emit Unstaked(msg.sender, bucket.amount);
    }

    function stakedInfos(address account)
        external
        view
        returns (uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount)
    {
        Bucket memory bucket = _buckets[account];
        return (_stakes[account].active, bucket.end, bucket.amount);
    }

    // --- credit ---

    function creditsOf(address account)
        external
        view
        returns (uint256 allowance_, uint256 used, uint256 remaining, uint256 epoch)
    {
        epoch = _epoch();
        allowance_ = _allowance(_stakes[account]);
        used = _usedIn(_used[account], epoch);
        remaining = used < allowance_ ? allowance_ - used : 0;
    }

    function nextRefresh() external view returns (uint256) {
        return (_epoch() + 1) * EPOCH;
    }

    function spend(address account, uint256 amount) external onlyGateway {
        _spend(account, amount, _epoch());
    }

    function spendBatch(address[] calldata accounts, uint256[] calldata amounts) external onlyGateway {
        if (accounts.length != amounts.length) revert LengthMismatch(accounts.length, amounts.length);
        uint256 epoch = _epoch();
        for (uint256 i = 0; i < accounts.length; ++i) {
            _spend(accounts[i], amounts[i], epoch);
        }
    }

    // --- leases ---

    function lease(address lessee, uint256 amount, uint32 epochs) external returns (uint256 id) {
        if (amount == 0) revert ZeroAmount();
        if (lessee == address(0)) revert ZeroAddress();
        if (epochs == 0 || epochs > MAX_TERM) revert InvalidLeaseTerm(epochs);
        Stake memory mine = _stakes[msg.sender];
        uint256 available = _allowance(mine);
        if (amount > available) revert InsufficientStake(available, amount);
        _stakes[msg.sender].leased = mine.leased + uint128(amount);
        uint32 start = uint32(_epoch() + 1);
        id = ++leaseCount;
        _leases[id] = Lease(msg.sender, start, start + epochs, lessee, uint128(amount), 0, 0);
        emit LeaseOpened(id, msg.sender, lessee, amount, start, start + epochs);
    }

    function transferLease(uint256 id, address to) external {
        if (to == address(0)) revert ZeroAddress();
        Lease storage l = _existing(id);
        if (l.lessee != msg.sender) revert OnlyLessee(id, msg.sender);
        l.lessee = to;
        emit LeaseTransferred(id, msg.sender, to);
    }

    function spendLease(uint256 id, uint256 amount) external onlyGateway {
        if (amount == 0) revert ZeroAmount();
        Lease storage l = _existing(id);
        uint256 epoch = _epoch();
        uint256 used = l.usedEpoch == epoch ? l.used : 0;
        // Outside of its term a lease backs nothing.
        uint256 remaining = epoch < l.start || epoch >= l.end ? 0 : l.amount - used;
        if (amount > remaining) revert InsufficientLeaseCredits(id, remaining, amount);
        (l.used, l.usedEpoch) = (uint128(used + amount), uint64(epoch));
        emit LeaseSpent(id, msg.sender, epoch, amount, remaining - amount);
    }

    function closeLease(uint256 id) external {
        Lease memory l = _existing(id);
        uint256 epoch = _epoch();
        if (epoch < l.end) revert LeaseNotOver(id, l.end, epoch);
        delete _leases[id];
        _stakes[l.lessor].leased -= l.amount;
        emit LeaseClosed(id, l.lessor, l.amount);
    }

    function leaseOf(uint256 id)
        external
        view
        returns (address lessor, address lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch)
    {
        Lease memory l = _leases[id];
        return (l.lessor, l.lessee, l.amount, l.start, l.end);
    }

    function leaseCreditsOf(uint256 id)
        external
        view
        returns (uint256 allowance_, uint256 used, uint256 remaining, uint256 epoch)
    {
        Lease memory l = _leases[id];
        epoch = _epoch();
        if (epoch < l.start || epoch >= l.end) return (0, 0, 0, epoch);
        allowance_ = l.amount;
        used = l.usedEpoch == epoch ? l.used : 0;
        remaining = allowance_ - used;
    }

    function leasedOut(address account) external view returns (uint256) {
        return _stakes[account].leased;
    }

    // --- inside ---

    function _setGateway(address gateway, bool allowed) internal {
        if (gateway == address(0)) revert ZeroAddress();
        isGateway[gateway] = allowed;
        emit GatewaySet(gateway, allowed);
    }

    function _spend(address account, uint256 amount, uint256 epoch) private {
        if (amount == 0) revert ZeroAmount();
        uint256 allowed = _allowance(_stakes[account]);
        uint256 used = _usedIn(_used[account], epoch);
        uint256 remaining = used < allowed ? allowed - used : 0;
        if (amount > remaining) revert InsufficientCredits(account, remaining, amount);
        _used[account] = Used(uint128(used + amount), uint64(epoch));
        emit CreditsSpent(account, msg.sender, epoch, amount, remaining - amount);
    }

    /// Dollars a day that the stake backs for its own holder.
    function _allowance(Stake memory s) private pure returns (uint256) {
        return s.active < MIN_STAKE ? 0 : s.active - s.leased;
    }

    function _usedIn(Used memory u, uint256 epoch) private pure returns (uint256) {
        return u.epoch == epoch ? u.amount : 0;
    }

    function _existing(uint256 id) private view returns (Lease storage l) {
        l = _leases[id];
        if (l.lessor == address(0)) revert UnknownLease(id);
    }

    function _epoch() private view returns (uint256) {
        return block.timestamp / EPOCH;
    }
}
