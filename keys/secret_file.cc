#include "keys/secret_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "keys/file_contents.h"

namespace signet {
namespace {

// Writes and syncs all of `text`.
absl::Status WriteAll(int descriptor, absl::string_view text,
                      const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FileError(path, "written");
    text.remove_prefix(static_cast<size_t>(put));
  }
  if (fsync(descriptor) != 0) return FileError(path, "synced");
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return FileError(folder, "opened");
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  if (fsync(descriptor) != 0) return FileError(folder, "synced");
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateSecretFile(const std::string& path, absl::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // Mode 0600.
  if (descriptor < 0) return FileError(path, "created");
  const absl::Cleanup cleanup = [descriptor, &temporary] {
    close(descriptor);
    unlink(temporary.c_str());
  };
  absl::Status written = WriteAll(descriptor, text, path);
  if (!written.ok()) return written;
  // Unlike rename, link never replaces a file that is already there.
  if (link(temporary.c_str(), path.c_str()) != 0) {
    return FileError(path, "created");
  }
  return SyncFolderOf(path);
}

}  // namespace signet
