#include "fetch/address_rules.h"

namespace signet {
namespace {

bool Includes(AddressFamilies families, IpFamily family) {
  switch (families) {
    case AddressFamilies::kAny:
      return true;
    case AddressFamilies::kIpv4Only:
      return family == IpFamily::kIpv4;
    case AddressFamilies::kIpv6Only:
      return family == IpFamily::kIpv6;
  }
  __builtin_unreachable();
}

}  // namespace

absl::Status CheckAddress(const AddressRules& rules, const IpAddress& address) {
  if (!Includes(rules.families, address.family())) {
    return absl::FailedPreconditionError(
        "the host has an address of a family that may not be connected to; "
        "allow that family if it should be");
  }
  if (rules.private_addresses == PrivateAddresses::kDenied &&
      !address.IsPublic()) {
    return absl::FailedPreconditionError(
        "the host has a private address; allow private addresses if this "
        "issuer is one of your own");
  }
  return absl::OkStatus();
}

}  // namespace signet
