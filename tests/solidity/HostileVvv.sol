// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A VVV that misbehaves on demand
/// @notice Tests deploy it in place of VVV. Everybody's allowance is unlimited and anybody may mint; what a transfer
/// does is chosen by `setTemper`.
contract HostileVvv {
    enum Temper {
        Honest,
        TakesFee, // a hundredth disappears on the way
        GivesMore, // one wei too many arrives
        AnswersFalse, // moves nothing and says so
        AnswersFalseButMoves, // moves and denies it
        AnswersNothing, // moves and returns no data, as old tokens do
        AnswersNonsense, // moves and returns a word that is no bool
        AnswersShort, // moves and returns less than a word
        RevertsBare, // refuses without a reason
        RevertsLate, // moves, then refuses with a reason
        ReEnters, // moves, then calls back
        LiesAboutBalance, // moves nothing, answers true, and shows no balance
        Peeks, // reads back when it is asked for a balance, and shows none when it gets an answer
        AnswersHugely, // moves and returns 200,000 bytes that begin with true
        AnswersHugelyFalse, // moves and returns 200,000 bytes of nothing
        RevertsHugely, // refuses with 200,000 bytes of reason
        BurnsAllGas, // consumes whatever gas it is given
        Paused, // refuses every move, as a pausable token does
        ShowsShortBalance, // moves, and answers less than a word when it is asked for a balance
        ShowsHugeBalance // moves, and answers 200,000 bytes that begin with the balance
    }

    error Moody(uint256 amount);
    error EnforcedPause();
    error Blocked(address account);

    event Transfer(address indexed from, address indexed to, uint256 value);
    event CalledBack(bool success, bytes answer);

    uint256 private constant HUGE = 200_000;

    mapping(address => uint256) private _balances;
    mapping(address => bool) private _blocked;
    Temper public temper;
    address private _target;
    bytes private _callback;

    function setTemper(Temper temper_) external {
        temper = temper_;
    }

    function setCallback(address target, bytes calldata callback) external {
        (_target, _callback) = (target, callback);
    }

    function setBlocked(address account, bool blocked) external {
        _blocked[account] = blocked;
    }

    function mint(address to, uint256 amount) external {
        _balances[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address, uint256) external pure returns (bool) {
        return true;
    }

    function balanceOf(address account) external view returns (uint256) {
        if (temper == Temper.LiesAboutBalance) return 0;
        if (temper == Temper.Peeks) {
            (bool answered,) = _target.staticcall(_callback);
            if (answered) return 0;
        }
        if (temper == Temper.ShowsShortBalance) _answer(hex"01");
        if (temper == Temper.ShowsHugeBalance) _answer(_huge(_balances[account]));
        return _balances[account];
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        if (_blocked[from]) revert Blocked(from);
        if (_blocked[to]) revert Blocked(to);
        if (temper == Temper.RevertsBare) revert();
        if (temper == Temper.Paused) revert EnforcedPause();
        if (temper == Temper.BurnsAllGas) _burnAllGas();
        if (temper == Temper.RevertsHugely) _revertWith(_huge(1));
        if (temper == Temper.AnswersFalse) _answer(0);
        if (temper == Temper.LiesAboutBalance) _answer(1);
        uint256 arrives = amount;
        if (temper == Temper.TakesFee) arrives = amount - amount / 100;
        if (temper == Temper.GivesMore) arrives = amount + 1;
        _balances[from] -= amount;
        _balances[to] += arrives;
        emit Transfer(from, to, arrives);
        if (temper == Temper.RevertsLate) revert Moody(amount);
        if (temper == Temper.ReEnters) {
            (bool success, bytes memory answer) = _target.call(_callback);
            emit CalledBack(success, answer);
        }
        if (temper == Temper.AnswersFalseButMoves) _answer(0);
        if (temper == Temper.AnswersNothing) _answer("");
        if (temper == Temper.AnswersNonsense) _answer(2);
        if (temper == Temper.AnswersShort) _answer(hex"01");
        if (temper == Temper.AnswersHugely) _answer(_huge(1));
        if (temper == Temper.AnswersHugelyFalse) _answer(_huge(0));
        _answer(1);
    }

    function _answer(uint256 word) private pure {
        assembly {
            mstore(0, word)
            return(0, 32)
        }
    }

    function _answer(bytes memory data) private pure {
        assembly {
            return(add(data, 32), mload(data))
        }
    }

    /// 200,000 bytes that begin with `word`.
    function _huge(uint256 word) private pure returns (bytes memory data) {
        data = new bytes(HUGE);
        assembly {
            mstore(add(data, 32), word)
        }
    }

    function _revertWith(bytes memory data) private pure {
        assembly {
            revert(add(data, 32), mload(data))
        }
    }

    function _burnAllGas() private pure {
        assembly {
            invalid()
        }
    }
}
