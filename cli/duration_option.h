#ifndef SIGNET_CLI_DURATION_OPTION_H_
#define SIGNET_CLI_DURATION_OPTION_H_

#include <functional>
#include <string>

#include "CLI/CLI.hpp"
#include "google/protobuf/duration.pb.h"

namespace signet {

// AddDurationOption declares an option whose value is a positive duration,
// written like "90s", "15m" or "1h30m". `set` is called if it is given.
void AddDurationOption(
    CLI::App& command, const std::string& name, const std::string& description,
    std::function<void(const google::protobuf::Duration&)> set);

}  // namespace signet

#endif  // SIGNET_CLI_DURATION_OPTION_H_
