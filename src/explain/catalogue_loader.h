// explain/catalogue_loader.h: catalogue files (catalogue/README.md) into causes and providers. Takes texts, reads no files.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/toml_reader.h"
#include "status/catalogue.h"

namespace ph::explain {

class CatalogueLoader {
  public:
    CatalogueLoader() : arena_(std::make_shared<status::CatalogueArena>()) {}

    // `path` is the file's, relative to the catalogue's root: "recipient/mailbox-full.toml" or "recipient.mailbox-full.toml" holds
    // the cause recipient.mailbox-full; "providers.toml" holds providers. `shown` is how messages name the file.
    void add_file(std::string_view path, const std::string& shown, std::string_view text);

    // Every complaint about the files so far, in the order of the files.
    const std::vector<Fault>& faults() const { return faults_; }

    // What was loaded without a complaint about it; valid as long as arena() lives.
    status::CataloguePart part();
    std::shared_ptr<const status::CatalogueArena> arena() const { return arena_; }

  private:
    void add_cause(std::string id, const toml::table& table, const std::string& file);
    void add_providers(const toml::table& table, const std::string& file);

    std::shared_ptr<status::CatalogueArena> arena_;
    std::vector<status::Cause> causes_;
    std::vector<status::Provider> providers_;
    std::vector<Fault> faults_;
    status::CataloguePart part_;
};

}  // namespace ph::explain
