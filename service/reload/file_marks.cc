#include "service/reload/file_marks.h"

#include <sys/stat.h>

#include "absl/strings/match.h"
#include "google/protobuf/descriptor.h"
#include "service/config_field.h"

namespace signet {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void AddFiles(const Message& message, const std::string& folder,
              std::vector<std::string>& files);

// The messages in a field of `message`.
void AddFilesIn(const FieldDescriptor& field, const Message& message,
                const std::string& folder, std::vector<std::string>& files) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    return AddFiles(reflection.GetMessage(message, &field), folder, files);
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    AddFiles(reflection.GetRepeatedMessage(message, &field, i), folder, files);
  }
}

void AddFiles(const Message& message, const std::string& folder,
              std::vector<std::string>& files) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddFilesIn(*field, message, folder, files);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
               !field->is_repeated() &&
               absl::EndsWith(field->name(), "_file")) {
      files.push_back(
          ResolvePath(folder, reflection.GetString(message, field)));
    }
  }
}

}  // namespace

FileMark MarkFile(const std::string& path) {
  FileMark mark{.path = path};
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return mark;
  mark.device = status.st_dev;
  mark.inode = status.st_ino;
  mark.bytes = status.st_size;
  mark.modified = Nanoseconds(status.st_mtim);
  mark.changed = Nanoseconds(status.st_ctim);
  return mark;
}

std::vector<FileMark> MarkAgain(const std::vector<FileMark>& marks) {
  std::vector<FileMark> again;
  again.reserve(marks.size());
  for (const FileMark& mark : marks) again.push_back(MarkFile(mark.path));
  return again;
}

std::vector<std::string> FilesNamedIn(const Message& config,
                                      const std::string& folder) {
  std::vector<std::string> files;
  AddFiles(config, folder, files);
  return files;
}

}  // namespace signet
