// explain/catalogue_loader_fuzz.cc: any text as a cause's file and as providers.toml: it is refused with a complaint, or it loads and the
// check can try all that it says.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "explain/catalogue_check.h"
#include "explain/catalogue_loader.h"
#include "explain/report_json.h"
#include "explain/test_catalogue.h"

namespace ph::explain {
namespace {

void load(const std::string& path, std::string_view text) {
    CatalogueLoader loader;
    loader.add_file(path, path, text);
    for (const Fault& fault : loader.faults()) PH_ASSERT(!fault.message.empty() && fault.where.file == path);
    const status::CataloguePart part = loader.part();
    if (part.causes.empty() && part.providers.empty()) return;
    TestCatalogue catalogue;
    catalogue.get().add(part, loader.arena());
    (void)check_catalogue(catalogue.get(), part);
    Explainer explainer(catalogue.get());
    JsonReporter reporter;
    std::string out;
    for (const status::Cause& cause : part.causes) {
        for (const std::string_view example : cause.examples) reporter.append(out, explainer.diagnose(example), "");
    }
}

}  // namespace
}  // namespace ph::explain

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ph::explain::load("family/name.toml", text);
    ph::explain::load("providers.toml", text);
    return 0;
}
