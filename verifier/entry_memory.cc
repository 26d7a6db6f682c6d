#include "verifier/entry_memory.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace signet {
namespace {

// Sizes of classes are 5, 6, 7 and 8 times a power of two: this one.
constexpr size_t PowerIn(size_t bytes) {
  return static_cast<size_t>(std::bit_width((bytes - 1) | 7U)) - 3;
}

// The smallest size of a class that is at least `bytes`.
constexpr size_t RoundUpToClass(size_t bytes) {
  const size_t power = PowerIn(bytes);
  return (((bytes - 1) >> power) + 1) << power;
}

// Classes are numbered from that of an entry alone.
constexpr size_t ClassOf(size_t block_bytes) {
  const auto number = [](size_t bytes) {
    const size_t power = PowerIn(bytes);
    return 4 * power + ((bytes - 1) >> power);
  };
  return number(block_bytes) - number(sizeof(CacheEntry));
}

}  // namespace

EntryMemory::~EntryMemory() {
  CollectReturned();
  FreeSpareBlocks(0);
}

size_t EntryMemory::BlockBytes(absl::string_view compact,
                               const UnverifiedJwt& jwt) {
  return RoundUpToClass(sizeof(CacheEntry) + jwt.CopySize() + compact.size());
}

CacheEntry* EntryMemory::Make(uint64_t hash, absl::string_view compact,
                              const CachedToken& token) {
  const size_t block_bytes = BlockBytes(compact, token.jwt);
  void* const block = TakeBlock(block_bytes);
  if (block == nullptr) return nullptr;
  // Relaxed: the owner is a user, so this is not the first.
  users_.fetch_add(1, std::memory_order_relaxed);
  char* const content = static_cast<char*>(block) + sizeof(CacheEntry);
  char* const text = content + token.jwt.CopySize();
  std::memcpy(text, compact.data(), compact.size());
  return new (block)
      CacheEntry{.hash = hash,
                 .compact = absl::string_view(text, compact.size()),
                 .token = {token.jwt.CopyInto(content, *this), token.key},
                 .block_bytes = static_cast<uint32_t>(block_bytes)};
}

void EntryMemory::Release(CacheEntry& entry) {
  const UnverifiedJwt handle = std::move(entry.token.jwt);
  const size_t bytes = entry.block_bytes;
  entry.~CacheEntry();
  new (&entry) Block{nullptr, bytes};  // For TakeBack to find.
}

void EntryMemory::TakeBack(void* content) {
  auto* const block = std::launder(reinterpret_cast<Block*>(
      static_cast<char*>(content) - sizeof(CacheEntry)));
  block->next = returned_.load(std::memory_order_relaxed);
  // Release: the block has been used before it is used again. Nothing is taken
  // off this list but all of it, so it may have changed and come back.
  while (!returned_.compare_exchange_weak(block->next, block,
                                          std::memory_order_release,
                                          std::memory_order_relaxed)) {
  }
  GiveUpUse();
}

void EntryMemory::GiveUpUse() {
  // Acquire and release: all other uses come before the end.
  if (users_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

void* EntryMemory::TakeBlock(size_t bytes) {
  static_assert(ClassOf(kMaxBlockBytes) < kClasses);
  Block*& spare = spare_[ClassOf(bytes)];
  if (spare == nullptr) CollectReturned();
  if (spare != nullptr) return std::exchange(spare, spare->next);
  FreeSpareBlocks(max_bytes_ - std::min(bytes, max_bytes_));
  if (bytes_ + bytes > max_bytes_) return nullptr;
  bytes_ += bytes;
  return ::operator new(bytes);
}

void EntryMemory::CollectReturned() {
  // Acquire: see TakeBack.
  Block* block = returned_.exchange(nullptr, std::memory_order_acquire);
  while (block != nullptr) {
    Block*& spare = spare_[ClassOf(block->bytes)];
    Block* const next = std::exchange(block->next, spare);
    spare = std::exchange(block, next);
  }
}

void EntryMemory::FreeSpareBlocks(size_t enough_bytes) {
  for (Block*& spare : spare_) {
    while (spare != nullptr && bytes_ > enough_bytes) {
      Block* const block = std::exchange(spare, spare->next);
      bytes_ -= block->bytes;
      ::operator delete(block);
    }
  }
}

}  // namespace signet
