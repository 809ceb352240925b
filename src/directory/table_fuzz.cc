// directory/table_fuzz.cc: any text as any kind of table: it reads or is told with its line, and what was read is found.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "directory/table.h"
#include "directory/text_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using ph::directory::Table;
    using ph::directory::TableType;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    ph::directory::TableForm form;
    form.value_optional = (data[0] & 4U) != 0;
    std::vector<ph::Fault> faults;
    const Table table = Table::parse(static_cast<TableType>(data[0] % 3), text, "table", form, faults);
    PH_ASSERT(faults.size() <= ph::directory::max_faults_per_file);
    for (const ph::Fault& fault : faults) PH_ASSERT(fault.where.file == "table" && fault.where.line != 0 && !fault.message.empty());
    std::string space;
    table.entries().for_each([&](std::string_view key, std::string_view value) { PH_ASSERT(table.find(key, space) == value); });
    // Keys come from anybody: the text itself and its lines are asked for.
    const auto value = table.find(text.substr(0, 2000), space);
    PH_ASSERT(!value || value->size() <= text.size() + 64UL * 2000);
    table.find(text.substr(0, text.find('\n')), space);
    return 0;
}
