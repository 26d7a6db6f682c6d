// A SQLite store on a file system that is full. This process makes one for
// itself, in a namespace where it may mount what nobody else sees.

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "store/open_store.h"
#include "store/store.h"
#include "tests/service/test_folder.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"

namespace signet {
namespace {

void Write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

// Mounts a file system of 1 MiB at `folder`, for this process alone. Returns
// false if the system does not let it; errno has the reason.
bool MountSmallDisk(const std::string& folder) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  Write("/proc/self/setgroups", "deny");
  Write("/proc/self/uid_map", absl::StrCat("0 ", user, " 1"));
  Write("/proc/self/gid_map", absl::StrCat("0 ", group, " 1"));
  return mount("none", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
}

// Takes all the room that there is, and returns how much it was.
size_t Fill(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const std::string block(4096, 'x');
  size_t blocks = 0;
  while (file.write(block.data(), 4096).flush()) ++blocks;
  return blocks * block.size();
}

TEST(FullDiskTest, LosesNothingAndGoesOnOnceThereIsRoom) {
  const TestFolder folder;
  if (!MountSmallDisk(folder.path())) {
    GTEST_SKIP() << "this user may mount no file system, not even in a "
                    "namespace of its own: "
                 << std::strerror(errno);
  }
  const std::string path = folder.PathTo("store");
  const absl::Status full = absl::ResourceExhaustedError(
      path + ": the disk is full, or a limit on files is reached; make room");
  {
    const std::unique_ptr<Store> store = OpenStore("sqlite:" + path).value();
    ASSERT_TRUE(store->Commit(Revocation("kept")).ok());
    ASSERT_GT(Fill(folder.PathTo("other")), 0);
    StoreChange change;
    for (int i = 0; i < 1'000; ++i) {
      change.revocations.push_back(ExampleRevocation(absl::StrCat("more ", i)));
    }
    EXPECT_EQ(store->Commit(change).status(), full);
    // Reading goes on.
    EXPECT_EQ(ContentsOf(*store).revocations.size(), 1);
    EXPECT_TRUE(store->Check().ok());

    ASSERT_EQ(unlink(folder.PathTo("other").c_str()), 0);
    EXPECT_TRUE(store->Commit(change).ok());
    EXPECT_EQ(ContentsOf(*store).revocations.size(), 1'001);
  }
  const std::unique_ptr<Store> again = OpenStore("sqlite:" + path).value();
  EXPECT_EQ(ContentsOf(*again).revocations.size(), 1'001);
}

}  // namespace
}  // namespace signet
