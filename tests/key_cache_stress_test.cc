// Readers look keys up and use them while writers replace, add and remove
// issuers as fast as they can. Built twice: as it is, and where the kernel
// refuses to fence (WITHOUT_MEMBARRIER).

#ifdef WITHOUT_MEMBARRIER
#include <linux/filter.h>
#include <linux/membarrier.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#endif

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"
#include "tests/versioned_keys.h"
#include "verifier/signature.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(2);
constexpr int kReaders = 3;
constexpr char kIssuer[] = "https://issuer.example/tenants/main";
const std::vector<std::string>& KeyIds() {
  static const std::vector<std::string>& ids =
      *new std::vector<std::string>{"first", "second", "third", "fourth"};
  return ids;
}

#ifdef WITHOUT_MEMBARRIER
// From here on, the process may not call membarrier.
const bool refuses_membarrier = [] {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
    std::abort();
  }
  return true;
}();

TEST(KeyCacheStressTest, TheKernelRefusesToFence) {
  ASSERT_TRUE(refuses_membarrier);
  EXPECT_EQ(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0), -1);
}
#endif

// Runs `reader` in kReaders threads, over and over, beside one call of `write`,
// which takes a while.
template <typename Read, typename Write>
void ReadWhile(const Read& read, const Write& write) {
  std::atomic<bool> stop{false};
  std::atomic<int> reading{0};
  std::vector<std::thread> readers;
  readers.reserve(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      read();
      ++reading;
      while (!stop) read();
    });
  }
  while (reading < kReaders) std::this_thread::yield();
  write();
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

// Calls `write` with 1, 2, 3 and so on, for a while.
template <typename Write>
void WriteForAWhile(const Write& write) {
  const absl::Time end = absl::Now() + kDuration;
  for (uint64_t i = 1; absl::Now() < end; ++i) write(i);
}

TEST(KeyCacheStressTest, ReadersFindWholeSetsOfLivingKeys) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(0, KeyIds()));
  ReadWhile(
      [&] {
        const KeyCache::Reader reader(cache);
        const auto keys = reader.FindIssuer(kIssuer);
        ASSERT_TRUE(keys);
        const VerificationKey* const first = keys->FindById(KeyIds()[0]);
        ASSERT_NE(first, nullptr);
        const int version = VersionOf(*first);
        EXPECT_GE(version, 0);
        for (const std::string& id : KeyIds()) {
          const VerificationKey* const key = keys->FindById(id);
          ASSERT_NE(key, nullptr);
          EXPECT_EQ(key->key_id(), id);
          EXPECT_EQ(VersionOf(*key), version);
        }
      },
      [&] {
        WriteForAWhile([&](uint64_t i) {
          cache.ReplaceIssuer(kIssuer,
                              VersionedKeys(static_cast<uint8_t>(i), KeyIds()));
        });
      });
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

TEST(KeyCacheStressTest, NoLookUpFindsWhatHadBeenReplacedBeforeItBegan) {
  KeyCache cache;
  std::atomic<uint64_t> latest{
      cache.ReplaceIssuer(kIssuer, VersionedKeys(0, KeyIds()))};
  ReadWhile(
      [&] {
        const KeyCache::Reader reader(cache);
        // More than once, because what holds for new readers holds for old
        // ones.
        for (int i = 0; i < 3; ++i) {
          const uint64_t replaced_by = latest.load();
          const auto keys = reader.FindIssuer(kIssuer);
          ASSERT_TRUE(keys);
          EXPECT_GE(keys->generation(), replaced_by);
        }
      },
      [&] {
        WriteForAWhile([&](uint64_t i) {
          latest = cache.ReplaceIssuer(
              kIssuer, VersionedKeys(static_cast<uint8_t>(i), {"first"}));
        });
      });
}

TEST(KeyCacheStressTest, NoLookUpFindsAnIssuerThatHadBeenRemoved) {
  KeyCache cache;
  std::atomic<uint64_t> added{0};
  std::atomic<uint64_t> removed{0};
  const auto name = [](uint64_t i) { return absl::StrCat("issuer ", i); };
  ReadWhile(
      [&] {
        const KeyCache::Reader reader(cache);
        const uint64_t gone = removed.load();
        EXPECT_FALSE(reader.FindIssuer(name(gone)));
        const uint64_t here = added.load();
        const bool known = reader.FindIssuer(name(here)).has_value();
        EXPECT_TRUE(known || here % 2 == 0);
      },
      [&] {
        // Issuers of odd numbers stay.
        WriteForAWhile([&](uint64_t i) {
          cache.ReplaceIssuer(name(i), VersionedKeys(1, {"first"}));
          added = i;
          if (i % 2 == 1) return;
          cache.RemoveIssuer(name(i));
          removed = i;
        });
      });
}

// The table grows and is rebuilt under readers, in two caches at once.
TEST(KeyCacheStressTest, StaysRightWhileIssuersComeAndGo) {
  std::array<KeyCache, 2> caches;
  for (KeyCache& cache : caches) {
    cache.ReplaceIssuer(kIssuer, VersionedKeys(200, KeyIds()));
  }
  const auto name = [](uint64_t i) {
    return absl::StrCat("https://issuer/", i);
  };
  const auto churn = [&](KeyCache& cache) {
    WriteForAWhile([&](uint64_t i) {
      cache.ReplaceIssuer(name(i), VersionedKeys(i % 100, {"x"}));
      // All leave now and then, so that the table must grow again.
      if (i % 1000 != 0) return;
      for (uint64_t j = i - 999; j <= i; ++j) cache.RemoveIssuer(name(j));
    });
  };
  std::atomic<uint64_t> asked{0};
  ReadWhile(
      [&] {
        const uint64_t i = ++asked;
        const KeyCache::Reader reader(caches[i % 2]);
        const auto stays = reader.FindIssuer(kIssuer);
        ASSERT_TRUE(stays);
        EXPECT_EQ(VersionOf(*stays->FindById("third")), 200);
        const auto comes = reader.FindIssuer(name(i % 2000));
        if (!comes) return;
        const VerificationKey* const key = comes->FindById("x");
        ASSERT_NE(key, nullptr);
        EXPECT_EQ(VersionOf(*key), i % 2000 % 100);
      },
      [&] {
        std::thread second([&] { churn(caches[1]); });
        churn(caches[0]);
        second.join();
      });
}

TEST(KeyCacheStressTest, SignaturesVerifyWithKeysThatAreBeingReplaced) {
  const SigningKey signing_key = *SigningKey::Generate(Algorithm::kEs256);
  const std::string signed_text = "header.payload";
  const std::string signature = *signing_key.Sign(signed_text);
  const auto keys = [&] {
    std::vector<VerificationKey> copies;
    copies.push_back(signing_key.verification_key().Copy());
    return *KeySet::Create(std::move(copies));
  };
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, keys());
  ReadWhile(
      [&] {
        const KeyCache::Reader reader(cache);
        const auto found = reader.FindIssuer(kIssuer);
        ASSERT_TRUE(found);
        const VerificationKey* const key =
            found->FindById(signing_key.key_id());
        ASSERT_NE(key, nullptr);
        EXPECT_TRUE(VerifySignature(*key, signed_text, signature));
      },
      [&] {
        WriteForAWhile([&](uint64_t) { cache.ReplaceIssuer(kIssuer, keys()); });
      });
}

TEST(KeyCacheStressTest, ThreadsComeAndGoUnderReplacement) {
  KeyCache cache;
  cache.ReplaceIssuer(kIssuer, VersionedKeys(1, KeyIds()));
  ReadWhile(
      [&] {
        std::thread([&] {
          const KeyCache::Reader reader(cache);
          EXPECT_GE(VersionOf(*reader.FindIssuer(kIssuer)->FindById("second")),
                    0);
        }).join();
      },
      [&] {
        WriteForAWhile([&](uint64_t i) {
          cache.ReplaceIssuer(kIssuer,
                              VersionedKeys(static_cast<uint8_t>(i), KeyIds()));
        });
      });
  EXPECT_EQ(cache.FreeReplaced(), 0);
}

// Two threads replace the same issuer: the sets that stay are those of the
// greatest generations.
TEST(KeyCacheStressTest, WritersTakeTurns) {
  KeyCache cache;
  std::array<uint64_t, 2> latest;
  const auto write = [&](size_t writer) {
    WriteForAWhile([&, writer](uint64_t) {
      latest[writer] = cache.ReplaceIssuer(
          kIssuer, VersionedKeys(static_cast<uint8_t>(writer), {"first"}));
    });
  };
  std::thread second([&] { write(1); });
  write(0);
  second.join();
  const KeyCache::Reader reader(cache);
  const auto keys = reader.FindIssuer(kIssuer);
  const size_t last = latest[0] > latest[1] ? 0 : 1;
  EXPECT_EQ(keys->generation(), latest[last]);
  EXPECT_EQ(VersionOf(*keys->FindById("first")), static_cast<int>(last));
}

}  // namespace
}  // namespace signet
