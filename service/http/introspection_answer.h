#ifndef SIGNET_SERVICE_HTTP_INTROSPECTION_ANSWER_H_
#define SIGNET_SERVICE_HTTP_INTROSPECTION_ANSWER_H_

#include <string>

#include "signet/v1/token_service.pb.h"

namespace signet {

// IntrospectionAnswer writes an answer about a token as RFC 7662 section 2.2
// has it: {"active":false}, or its members with times in whole seconds, the
// earlier for `exp` and the later for `nbf`. Claims of the token that are
// called like one of these members, and are not it, are left out.
std::string IntrospectionAnswer(const v1::IntrospectResponse& response);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_INTROSPECTION_ANSWER_H_
