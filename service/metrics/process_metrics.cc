#include "service/metrics/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/metrics/family.h"

namespace signet {
namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The fields of proc_pid_stat(5) from the third on; the second is a name with
// anything in it, in parentheses.
std::vector<std::string> StatFields() {
  const std::string stat = ReadAll("/proc/self/stat");
  const size_t end_of_name = stat.rfind(") ");
  if (end_of_name == std::string::npos) return {};
  return absl::StrSplit(absl::string_view(stat).substr(end_of_name + 2), ' ');
}

// The field of that number in the manual page.
double Field(const std::vector<std::string>& fields, size_t number) {
  double value = 0;
  if (number - 3 < fields.size()) {
    static_cast<void>(absl::SimpleAtod(fields[number - 3], &value));
  }
  return value;
}

// When the machine started, in seconds since 1970.
double BootTime() {
  for (const absl::string_view line :
       absl::StrSplit(ReadAll("/proc/stat"), '\n')) {
    double seconds = 0;
    if (absl::StartsWith(line, "btime ") &&
        absl::SimpleAtod(line.substr(6), &seconds)) {
      return seconds;
    }
  }
  return 0;
}

std::optional<size_t> CountOpenFiles() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  size_t entries = 0;
  while (readdir(folder) != nullptr) ++entries;
  static_cast<void>(closedir(folder));
  // Less ".", ".." and the folder itself.
  return entries - 3;
}

void AddFileFigures(std::vector<prometheus::MetricFamily>& families) {
  if (const std::optional<size_t> open = CountOpenFiles()) {
    families.push_back(OneGauge("process_open_fds",
                                "Number of open file descriptors.",
                                static_cast<double>(*open)));
  }
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(OneGauge("process_max_fds",
                                "Maximum number of open file descriptors.",
                                static_cast<double>(limit.rlim_cur)));
  }
}

prometheus::MetricFamily BuildInfo() {
  Family family =
      Family::Gauge("signet_build_info", "What the server was built with.");
  family.Add(1, {{"compiler", absl::StrCat("gcc ", __VERSION__)},
                 {"standard", absl::StrCat(__cplusplus)}});
  return std::move(family).Finish();
}

}  // namespace

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  std::vector<prometheus::MetricFamily> families;
  families.push_back(BuildInfo());
  const std::vector<std::string> stat = StatFields();
  if (!stat.empty()) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    families.push_back(
        OneCounter("process_cpu_seconds_total",
                   "Total user and system CPU time spent in seconds.",
                   (Field(stat, 14) + Field(stat, 15)) / ticks));
    families.push_back(
        OneGauge("process_threads", "Number of threads.", Field(stat, 20)));
    families.push_back(
        OneGauge("process_start_time_seconds",
                 "Start time of the process since unix epoch in seconds.",
                 BootTime() + Field(stat, 22) / ticks));
    families.push_back(OneGauge("process_virtual_memory_bytes",
                                "Virtual memory size in bytes.",
                                Field(stat, 23)));
    families.push_back(OneGauge("process_resident_memory_bytes",
                                "Resident memory size in bytes.",
                                Field(stat, 24) * page));
  }
  AddFileFigures(families);
  return families;
}

}  // namespace signet
