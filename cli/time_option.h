#ifndef SIGNET_CLI_TIME_OPTION_H_
#define SIGNET_CLI_TIME_OPTION_H_

#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "google/protobuf/timestamp.pb.h"

namespace signet {

// AddTimeOption declares an option whose value is a point in time as RFC 3339
// writes it, like "2026-01-31T12:00:00Z". `set` is called if it is given.
CLI::Option* AddTimeOption(
    CLI::App& command, const std::string& name, const std::string& description,
    std::function<void(const google::protobuf::Timestamp&)> set);

}  // namespace signet

#endif  // SIGNET_CLI_TIME_OPTION_H_
