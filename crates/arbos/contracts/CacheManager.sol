// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.28;

import {ARB_OWNER_PUBLIC, ARB_WASM, ARB_WASM_CACHE} from "./ArbOS.sol";

/// Sells places in the cache of Stylus programs to the highest bidders.
///
/// A bid is the value paid plus `decay` wei for every second since 1970, so that later bids of equal
/// value outrank earlier ones. While there is room any bid will do; then the lowest are evicted until
/// the new program fits, and the new bid must reach the last of them.
///
/// Must be a registered cache manager. Entries form a binary heap, the lowest bid first.
contract CacheManager {
    struct Entry {
        bytes32 code;
        uint64 size;
        uint192 bid;
    }

    /// A program entered the cache.
    event InsertBid(bytes32 indexed codehash, address program, uint192 bid, uint64 size);
    /// A program left the cache.
    event DeleteBid(bytes32 indexed codehash, uint192 bid, uint64 size);
    event SetCacheSize(uint64 size);
    event SetDecayRate(uint64 decay);
    event Pause();
    event Unpause();

    error NotChainOwner(address sender);
    error AsmTooLarge(uint256 asmSize, uint256 queueSize, uint256 cacheSize);
    error AlreadyCached(bytes32 codehash);
    error BidTooLarge(uint256 bid);
    error BidTooSmall(uint192 bid, uint192 min);
    error BidsArePaused();
    error MakeSpaceTooLarge(uint64 size, uint64 limit);
    error AlreadyInitialized();
    error SweepFailed();

    /// Most bytes `makeSpace` frees at once.
    uint64 private constant MAX_MAKE_SPACE = 5 * 1024 * 1024;
    /// Least bytes a program counts with.
    uint64 private constant MIN_SIZE = 4096;

    /// The cached programs; a parent's bid is never above its children's.
    Entry[] public entries;
    /// Bytes the cache holds.
    uint64 public cacheSize;
    /// Bytes taken.
    uint64 public queueSize;
    /// Wei by which a bid must grow each second to keep its rank.
    uint64 public decay;
    /// Whether bids are refused.
    bool public isPaused;

    modifier onlyOwner() {
        if (!ARB_OWNER_PUBLIC.isChainOwner(msg.sender)) revert NotChainOwner(msg.sender);
        _;
    }

    /// Sets size and decay once, when this code stands behind a proxy.
    function initialize(uint64 initCacheSize, uint64 initDecay) external {
        if (cacheSize != 0) revert AlreadyInitialized();
        cacheSize = initCacheSize;
        decay = initDecay;
    }

    /// Caches the active program at `program` for the value sent.
    function placeBid(address program) external payable {
        if (isPaused) revert BidsArePaused();
        bytes32 codehash = program.codehash;
        if (ARB_WASM_CACHE.codehashIsCached(codehash)) revert AlreadyCached(codehash);
        uint64 size = sizeOf(codehash);
        uint192 bid = freeSpace(size);
        insert(Entry(codehash, size, bid));
        queueSize += size;
        emit InsertBid(codehash, program, bid, size);
        ARB_WASM_CACHE.cacheProgram(program);
    }

    /// Evicts the lowest bids, none above the value sent, until `size` bytes are free.
    function makeSpace(uint64 size) external payable returns (uint64 space) {
        if (isPaused) revert BidsArePaused();
        if (size > MAX_MAKE_SPACE) revert MakeSpaceTooLarge(size, MAX_MAKE_SPACE);
        freeSpace(size);
        return cacheSize - queueSize;
    }

    /// Wei to send now so that the program at `program` is cached.
    function getMinBid(address program) external view returns (uint192) {
        return getMinBid(program.codehash);
    }

    /// Wei to send now so that the program with this code hash is cached.
    function getMinBid(bytes32 codehash) public view returns (uint192) {
        return getMinBid(sizeOf(codehash));
    }

    /// Wei to send now so that a program of `size` bytes is cached.
    function getMinBid(uint64 size) public view returns (uint192 min) {
        if (size > cacheSize) revert AsmTooLarge(size, queueSize, cacheSize);
        uint256 taken = queueSize;
        Entry[] memory heap = entries;
        uint256 len = heap.length;
        while (taken + size > cacheSize && len != 0) {
            (min, taken) = (heap[0].bid, taken - heap[0].size);
            heap[0] = heap[--len];
            sinkInMemory(heap, len);
        }
        uint192 rank = rankNow();
        return min > rank ? min - rank : 0;
    }

    function getEntries() external view returns (Entry[] memory) {
        return entries;
    }

    /// The `count` lowest bids, lowest first; all of them when there are fewer.
    function getSmallestEntries(uint256 count) external view returns (Entry[] memory smallest) {
        Entry[] memory heap = entries;
        uint256 len = heap.length;
        if (count > len) count = len;
        smallest = new Entry[](count);
        for (uint256 i = 0; i < count; ++i) {
            smallest[i] = heap[0];
            heap[0] = heap[--len];
            sinkInMemory(heap, len);
        }
    }

    function setCacheSize(uint64 newSize) external onlyOwner {
        cacheSize = newSize;
        emit SetCacheSize(newSize);
    }

    function setDecayRate(uint64 newDecay) external onlyOwner {
        decay = newDecay;
        emit SetDecayRate(newDecay);
    }

    /// Refuses bids from now on.
    function paused() external onlyOwner {
        isPaused = true;
        emit Pause();
    }

    function unpause() external onlyOwner {
        isPaused = false;
        emit Unpause();
    }

    function evictAll() external onlyOwner {
        evict(entries.length);
    }

    /// Evicts the `count` lowest bids.
    function evictPrograms(uint256 count) external onlyOwner {
        evict(count);
    }

    /// Sends everything that was paid to the network's fee account.
    function sweepFunds() external {
        (bool sent,) = ARB_OWNER_PUBLIC.getNetworkFeeAccount().call{value: address(this).balance}("");
        if (!sent) revert SweepFailed();
    }

    function evict(uint256 count) private {
        for (; count != 0 && entries.length != 0; --count) {
            evictLowest();
        }
    }

    /// Evicts until `size` bytes are free and returns the rank of the value sent, which must reach the
    /// last evicted bid.
    function freeSpace(uint64 size) private returns (uint192 bid) {
        if (size > cacheSize) revert AsmTooLarge(size, queueSize, cacheSize);
        if (msg.value > type(uint192).max - rankNow()) revert BidTooLarge(msg.value);
        bid = uint192(msg.value) + rankNow();
        uint192 min = 0;
        while (queueSize + size > cacheSize && entries.length != 0) {
            min = evictLowest();
        }
        if (bid < min) revert BidTooSmall(bid, min);
    }

    function rankNow() private view returns (uint192) {
        return uint192(block.timestamp * decay);
    }

    function sizeOf(bytes32 codehash) private view returns (uint64) {
        uint64 size = ARB_WASM.codehashAsmSize(codehash);
        return size < MIN_SIZE ? MIN_SIZE : size;
    }

    function evictLowest() private returns (uint192) {
        Entry memory lowest = entries[0];
        Entry memory last = entries[entries.length - 1];
        entries.pop();
        if (entries.length != 0) sink(last);
        queueSize -= lowest.size;
        emit DeleteBid(lowest.code, lowest.bid, lowest.size);
        ARB_WASM_CACHE.evictCodehash(lowest.code);
        return lowest.bid;
    }

    /// Adds an entry at the bottom and lets it rise.
    function insert(Entry memory entry) private {
        uint256 at = entries.length;
        entries.push(entry);
        while (at != 0) {
            uint256 parent = (at - 1) / 2;
            if (entries[parent].bid <= entry.bid) break;
            entries[at] = entries[parent];
            at = parent;
        }
        entries[at] = entry;
    }

    /// Puts an entry at the top and lets it sink.
    function sink(Entry memory entry) private {
        uint256 len = entries.length;
        uint256 at = 0;
        for (uint256 child = 1; child < len; child = 2 * at + 1) {
            if (child + 1 < len && entries[child + 1].bid < entries[child].bid) ++child;
            if (entry.bid <= entries[child].bid) break;
            entries[at] = entries[child];
            at = child;
        }
        entries[at] = entry;
    }

    /// Lets the top of the first `len` entries sink.
    function sinkInMemory(Entry[] memory heap, uint256 len) private pure {
        if (len == 0) return;
        Entry memory entry = heap[0];
        uint256 at = 0;
        for (uint256 child = 1; child < len; child = 2 * at + 1) {
            if (child + 1 < len && heap[child + 1].bid < heap[child].bid) ++child;
            if (entry.bid <= heap[child].bid) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = entry;
    }
}
