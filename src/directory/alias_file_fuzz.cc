// directory/alias_file_fuzz.cc: any text as an alias file that includes itself as a list: it ends, and every complaint has its place.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "directory/alias_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ph::directory;
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::size_t lists = 0;
    AliasContext context;
    context.is_pipe = [](std::string_view name) { return name == "tickets"; };
    context.read_list = [&](const std::string& path, const ph::SourceLocation& where) -> ph::Result<std::string> {
        if (++lists > 20 || path.size() > 10) return ph::fail(ph::FaultKind::missing, "there is no such list", where);
        return text.substr(path.size() % (text.size() + 1));
    };
    std::vector<ph::Fault> faults;
    const AliasFile aliases = AliasFile::parse(text, "aliases", context, faults);
    for (const ph::Fault& fault : faults) PH_ASSERT(!fault.where.file.empty() && !fault.message.empty());
    std::size_t members = 0;
    for (const std::string name : {"root", "a", "b", "postmaster"}) {
        aliases.for_each_member(name, [&](const Member& member) {
            PH_ASSERT(member.kind != MemberKind::include);
            return ++members < 10'000;
        });
    }
    return 0;
}
