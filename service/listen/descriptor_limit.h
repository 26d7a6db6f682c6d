#ifndef SIGNET_SERVICE_LISTEN_DESCRIPTOR_LIMIT_H_
#define SIGNET_SERVICE_LISTEN_DESCRIPTOR_LIMIT_H_

#include <cstddef>

namespace signet {

// RaiseDescriptorLimit lets this process have as many descriptors open as the
// system allows it to let itself, and returns how many that are. The ordinary
// limit, 1024, is there for programs that use select.
size_t RaiseDescriptorLimit();

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_DESCRIPTOR_LIMIT_H_
