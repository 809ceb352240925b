// config/param_fuzz.cc: any text as posthorn.toml: no value breaks its bounds, and every fault has its file and a message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>

#include "base/assert.h"
#include "config/param.h"

namespace {

struct Sample {
    std::string directory = "/etc/sample";
    std::string language = "auto";
    std::uint32_t columns = 80;
};

constexpr auto sample_params = std::tuple{
    ph::config::param(&Sample::directory, {.name = "catalogue.directory"}),
    ph::config::param(&Sample::language, {.name = "explain.language", .choices = "auto en zh both"}),
    ph::config::param(&Sample::columns, {.name = "explain.columns", .min = 20, .max = 500}),
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Sample sample;
    for (const ph::Fault& fault : ph::config::read_config(text, "posthorn.toml", ph::config::Section{sample, sample_params})) {
        PH_ASSERT(fault.where.file == "posthorn.toml" && !fault.message.empty());
    }
    PH_ASSERT(sample.columns >= 20 && sample.columns <= 500);
    PH_ASSERT(sample.language == "auto" || sample.language == "en" || sample.language == "zh" || sample.language == "both");
    PH_ASSERT(ph::config::settings_of(ph::config::Section{sample, sample_params}).size() == 3);
    return 0;
}
