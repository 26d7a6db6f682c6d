#ifndef SIGNET_TESTS_STORE_PROCESS_LIMITS_H_
#define SIGNET_TESTS_STORE_PROCESS_LIMITS_H_

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "gtest/gtest.h"

namespace signet {

// OrdinaryUser: while one lives, this thread may do no more to files than their
// modes say, even if it is root's.
class OrdinaryUser {
 public:
  OrdinaryUser() {
    EXPECT_EQ(syscall(SYS_capget, &header_, before_.data()), 0);
    auto without = before_;
    without[0].effective &=
        ~((1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH));
    EXPECT_EQ(syscall(SYS_capset, &header_, without.data()), 0);
  }
  // Is about a thread.
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;
  ~OrdinaryUser() { syscall(SYS_capset, &header_, before_.data()); }

 private:
  __user_cap_header_struct header_ = {.version = _LINUX_CAPABILITY_VERSION_3,
                                      .pid = 0};
  std::array<__user_cap_data_struct, 2> before_ = {};
};

// FileSizeLimit: while one lives, no file of this process can grow beyond some
// bytes.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    EXPECT_NE(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  // Is about the process.
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_ = {};
};

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_PROCESS_LIMITS_H_
