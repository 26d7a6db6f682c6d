#ifndef SIGNET_SERVICE_SYSTEMD_NOTIFICATION_H_
#define SIGNET_SERVICE_SYSTEMD_NOTIFICATION_H_

#include "absl/strings/string_view.h"

namespace signet {

// NotifySystemd tells systemd how the server is, "READY=1" for example: see
// sd_notify(3). `socket` is the value of NOTIFY_SOCKET; if it is null, nobody
// wants to know. If systemd cannot be reached, it will notice by itself.
void NotifySystemd(const char* socket, absl::string_view state);

}  // namespace signet

#endif  // SIGNET_SERVICE_SYSTEMD_NOTIFICATION_H_
