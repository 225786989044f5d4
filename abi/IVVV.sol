// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title VVV, a stand-in for devnets
/// @notice ERC-20 with ERC-2612 permit and a faucet that anybody may use. On a real chain VVV is an
/// existing token and this contract is not deployed. It has no constructor.
/// @dev Amounts have 18 decimals. As on the live token, a balance or an allowance that falls short reverts
/// `Panic(0x11)`, and tokens sent to the zero address are burned without leaving the total supply.
interface IVVV {
    /// @notice `value` tokens moved; a mint comes from the zero address.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice `spender` may now move `value` tokens of `owner`.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice Tokens cannot be created for this address (the zero address).
    error ERC20InvalidReceiver(address receiver);
    /// @notice An allowance cannot be given to this address (the zero address).
    error ERC20InvalidSpender(address spender);
    /// @notice An allowance cannot be given by this address (the zero address).
    error ERC20InvalidApprover(address approver);
    /// @notice The permit was valid until `deadline`, in seconds since 1970.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit was signed by `signer`, not by `owner`.
    error ERC2612InvalidSigner(address signer, address owner);
    /// @notice The permit's signature recovers to nobody.
    error ECDSAInvalidSignature();
    /// @notice The permit's `s` is in the upper half order, which is refused as malleable.
    error ECDSAInvalidSignatureS(bytes32 s);
    /// @notice Minting `amount` would carry the total supply `supply` past 2^256 - 1.
    error SupplyOverflow(uint256 supply, uint256 amount);

    /// @notice "Venice Token".
    function name() external view returns (string memory);
    /// @notice "VVV".
    function symbol() external view returns (string memory);
    /// @notice 18.
    function decimals() external view returns (uint8);
    /// @notice Tokens ever created.
    function totalSupply() external view returns (uint256);
    /// @notice Tokens of `account`.
    function balanceOf(address account) external view returns (uint256);
    /// @notice Tokens of `owner` that `spender` may move; the largest uint256 never runs down.
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Lets `spender` move `value` of the caller's tokens.
    function approve(address spender, uint256 value) external returns (bool);
    /// @notice Moves `value` of the caller's tokens to `to`; to the zero address burns them.
    function transfer(address to, uint256 value) external returns (bool);
    /// @notice Moves `value` of `from`'s tokens to `to`, using up the caller's allowance.
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    /// @notice ERC-2612: sets an allowance by `owner`'s signature; anybody may submit it.
    /// @param deadline Last second, since 1970, at which the permit is valid.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice The nonce that `owner`'s next permit must carry.
    function nonces(address owner) external view returns (uint256);
    /// @notice EIP-712 domain separator of this chain and contract.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    /// @notice ERC-5267: the fields of the EIP-712 domain.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
    /// @notice Faucet: creates `amount` tokens for `to`.
    function mint(address to, uint256 amount) external;
}
