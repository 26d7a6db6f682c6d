#ifndef SIGNET_CLI_TABLE_H_
#define SIGNET_CLI_TABLE_H_

#include <string>
#include <vector>

namespace signet {

// TableRow is the cells of one row. Those of a table are equally many.
using TableRow = std::vector<std::string>;

// PrintTable writes rows in columns, for people, each cell made Printable. An
// empty cell is shown as "-".
void PrintTable(const std::vector<TableRow>& rows);

}  // namespace signet

#endif  // SIGNET_CLI_TABLE_H_
