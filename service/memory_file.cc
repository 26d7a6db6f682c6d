#include "service/memory_file.h"

#include <fcntl.h>
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

// Should there be no zeros to be had, the file still goes.
void WipeAndClose(int descriptor) {
  if (descriptor < 0) return;
  struct stat info = {};
  if (fstat(descriptor, &info) == 0 && lseek(descriptor, 0, SEEK_SET) == 0) {
    const std::string zeros(static_cast<size_t>(info.st_size), '\0');
    static_cast<void>(WriteAll(descriptor, zeros));
  }
  close(descriptor);
}

absl::Status NoMemory() {
  return absl::ResourceExhaustedError("the system has no memory for a file");
}

}  // namespace

absl::StatusOr<MemoryFile> MemoryFile::Create(absl::string_view contents) {
  MemoryFile file(memfd_create("signet", MFD_CLOEXEC));
  if (file.descriptor_ >= 0 && WriteAll(file.descriptor_, contents)) {
    return file;
  }
  return NoMemory();
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      replaced_(std::exchange(other.replaced_, -1)) {}

MemoryFile::~MemoryFile() {
  WipeAndClose(descriptor_);
  WipeAndClose(replaced_);
}

absl::Status MemoryFile::Replace(absl::string_view contents) {
  absl::StatusOr<MemoryFile> next = Create(contents);
  if (!next.ok()) return next.status();
  const int replaced = fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  if (replaced < 0) return NoMemory();
  // The path stays: it leads to what the descriptor stands for.
  if (dup3(next->descriptor_, descriptor_, O_CLOEXEC) < 0) {
    close(replaced);
    return NoMemory();
  }
  // Is the new contents' second descriptor, and not to wipe them.
  close(std::exchange(next->descriptor_, -1));
  WipeAndClose(std::exchange(replaced_, replaced));
  return absl::OkStatus();
}

std::string MemoryFile::path() const {
  return absl::StrCat("/proc/self/fd/", descriptor_);
}

}  // namespace signet
