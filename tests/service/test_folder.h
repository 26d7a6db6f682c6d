#ifndef SIGNET_TESTS_SERVICE_TEST_FOLDER_H_
#define SIGNET_TESTS_SERVICE_TEST_FOLDER_H_

#include <sys/types.h>

#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// TestFolder is a new, empty folder. It goes, with what is in it, when this
// object does.
class TestFolder {
 public:
  TestFolder();
  // Stands for a folder, which cannot be copied.
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder();

  const std::string& path() const { return path_; }

  // PathTo returns the path of `name` in this folder.
  std::string PathTo(absl::string_view name) const;

  // Write makes a file of this name, whatever the process's umask.
  void Write(absl::string_view name, absl::string_view text,
             mode_t mode = 0600) const;

 private:
  std::string path_;
};

// ModeOf returns the permissions of a file or folder, as chmod takes them.
mode_t ModeOf(const std::string& path);

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_TEST_FOLDER_H_
