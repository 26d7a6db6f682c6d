#ifndef SIGNET_SERVICE_ACCESS_ROLE_H_
#define SIGNET_SERVICE_ACCESS_ROLE_H_

#include "service/method.h"

namespace signet {

// Role is what a caller may be granted. config.proto documents each.
enum class Role { kVerify, kIntrospect, kSign, kRevoke, kAdmin, kExchange };

// RoleFor returns the role that calling a method takes.
Role RoleFor(Method method);

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_ROLE_H_
