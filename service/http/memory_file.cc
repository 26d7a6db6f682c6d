#include "service/http/memory_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

bool WriteAll(int descriptor, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

absl::StatusOr<MemoryFile> MemoryFile::Create(absl::string_view contents) {
  MemoryFile file(memfd_create("signet", MFD_CLOEXEC));
  if (file.descriptor_ >= 0 && WriteAll(file.descriptor_, contents)) {
    return file;
  }
  return absl::ResourceExhaustedError("the system has no memory for a file");
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

MemoryFile::~MemoryFile() {
  if (descriptor_ < 0) return;
  // Should there be no zeros to be had, it still goes.
  struct stat info = {};
  if (fstat(descriptor_, &info) == 0 && lseek(descriptor_, 0, SEEK_SET) == 0) {
    const std::string zeros(static_cast<size_t>(info.st_size), '\0');
    static_cast<void>(WriteAll(descriptor_, zeros));
  }
  close(descriptor_);
}

std::string MemoryFile::path() const {
  return absl::StrCat("/proc/self/fd/", descriptor_);
}

}  // namespace signet
