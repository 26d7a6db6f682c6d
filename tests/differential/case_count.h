#ifndef SIGNET_TESTS_DIFFERENTIAL_CASE_COUNT_H_
#define SIGNET_TESTS_DIFFERENTIAL_CASE_COUNT_H_

#include <cstddef>

namespace signet {

// CaseCount returns how many cases a differential test is to run for each
// algorithm: what SIGNET_DIFFERENTIAL_CASES says in the environment, as
// "./dev differential" sets it, or `otherwise`.
size_t CaseCount(size_t otherwise);

}  // namespace signet

#endif  // SIGNET_TESTS_DIFFERENTIAL_CASE_COUNT_H_
