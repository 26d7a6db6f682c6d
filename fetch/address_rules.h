#ifndef SIGNET_FETCH_ADDRESS_RULES_H_
#define SIGNET_FETCH_ADDRESS_RULES_H_

#include "absl/status/status.h"
#include "fetch/ip_address.h"

namespace signet {

enum class AddressFamilies { kAny, kIpv4Only, kIpv6Only };

// Private is every address that is not public (IpAddress::IsPublic).
enum class PrivateAddresses { kAllowed, kDenied };

// AddressRules say which addresses may be connected to. They hold for what a
// host name resolves to, each time anew, so no name gets around them.
struct AddressRules {
  AddressFamilies families = AddressFamilies::kAny;
  PrivateAddresses private_addresses = PrivateAddresses::kAllowed;
};

// CheckAddress returns FailedPrecondition, with what is against it, if `rules`
// do not let `address` be connected to.
absl::Status CheckAddress(const AddressRules& rules, const IpAddress& address);

}  // namespace signet

#endif  // SIGNET_FETCH_ADDRESS_RULES_H_
