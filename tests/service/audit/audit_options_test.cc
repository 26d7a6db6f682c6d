#include "service/audit/audit_options.h"

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "service/audit/append_file.h"
#include "signet/config/v1/config.pb.h"

namespace signet {
namespace {

TEST(AuditOptionsTest, NeedsAFile) {
  for (const char* file : {"", "/var/log/"}) {
    config::v1::Audit config;
    config.set_file(file);
    EXPECT_EQ(ReadAuditOptions(config, "/etc").status(),
              absl::InvalidArgumentError("audit.file: must name a file"));
  }
}

TEST(AuditOptionsTest, FindsTheFileFromTheConfiguration) {
  config::v1::Audit config;
  config.set_file("audit.log");
  AuditOptions options = ReadAuditOptions(config, "/etc").value();
  EXPECT_EQ(options.file, "/etc/audit.log");
  EXPECT_EQ(options.durability, Durability::kKernel);
  config.set_file("/var/log/audit.log");
  config.set_sync(true);
  options = ReadAuditOptions(config, "/etc").value();
  EXPECT_EQ(options.file, "/var/log/audit.log");
  EXPECT_EQ(options.durability, Durability::kDisk);
}

}  // namespace
}  // namespace signet
