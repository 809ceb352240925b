// tools/catalogc.cc: the catalogue's compiler: catalogc CATALOGUE-DIR OUTPUT.cc REPLIES.h
// Loads every file, checks that all examples and rules do what they say, and writes the tables as constant C++. Any complaint ends
// the build: a cause that lacks a language, an example that another cause takes, a rule that never fires.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "explain/catalogue_check.h"
#include "explain/catalogue_loader.h"
#include "status/catalogue.h"

namespace {

using ph::Fault;
namespace explain = ph::explain;
namespace status = ph::status;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::filesystem::path> catalogue_files(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.is_regular_file() && entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

std::string literal(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            constexpr std::string_view digits = "01234567";
            out += {'\\', '0', digits[static_cast<std::size_t>(c) >> 3U & 7U], digits[static_cast<std::size_t>(c) & 7U]};
        } else {
            out += c;
        }
    }
    return out + "\"sv";
}

// Arrays get a name when they are first needed; the expression that uses them is their name, or {} for an empty one.
class Writer {
  public:
    std::string words(status::Words list) {
        return array("std::string_view", list, [](std::string_view word) { return literal(word); });
    }

    template <typename List>
    std::string array(std::string_view type, const List& list, auto&& item) {
        if (list.empty()) return "{}";
        std::string body;
        for (const auto& entry : list) body += "    " + item(entry) + ",\n";
        std::string name = "t" + std::to_string(next_++);
        tables_ += "constexpr " + std::string(type) + " " + name + "[] = {\n" + body + "};\n";
        return name;
    }

    const std::string& tables() const { return tables_; }

  private:
    std::string tables_;
    int next_ = 0;
};

std::string number(auto value) {
    return std::to_string(static_cast<long>(value));
}

std::string cast(std::string_view type, auto value) {
    return "static_cast<" + std::string(type) + ">(" + number(value) + ")";
}

std::string alternative(Writer& writer, const status::Alternative& item) {
    return "{" + cast("AlternativeKind", item.kind) + ", " + (item.open_left ? "true" : "false") + ", " + (item.open_right ? "true" : "false") +
           ", " + number(item.specificity) + ", " + literal(item.text) + ", " + literal(item.written) + ", " + writer.words(item.atoms) + "}";
}

std::string rule(Writer& writer, const status::Rule& item) {
    const std::string alternatives = writer.array("Alternative", item.alternatives, [&](const auto& a) { return alternative(writer, a); });
    const std::string codes =
        writer.array("CodeCondition", item.codes, [](const auto& c) { return "{" + number(c.low) + ", " + number(c.high) + "}"; });
    const std::string enhanced = writer.array("EnhancedCondition", item.enhanced, [](const auto& c) {
        return "{" + number(c.code_class) + ", " + number(c.subject) + ", " + number(c.detail) + "}";
    });
    return "{" + literal(item.id) + ", " + cast("Tier", item.tier) + ", " + number(item.priority) + ", " + alternatives + ", " +
           writer.words(item.not_text) + ", " + codes + ", " + enhanced + ", " + writer.words(item.providers) + ", " + writer.words(item.hosts) +
           ", " + writer.words(item.commands) + "}";
}

std::string bilingual(const status::Bilingual& text) {
    return "{" + literal(text.en) + ", " + literal(text.zh) + "}";
}

std::string cause(Writer& writer, const status::Cause& item) {
    const std::string rules = writer.array("Rule", item.rules, [&](const auto& r) { return rule(writer, r); });
    const std::string enhanced = writer.array("EnhancedCode", item.enhanced, [](const auto& c) {
        return "{" + number(c.code_class) + ", " + number(c.subject) + ", " + number(c.detail) + "}";
    });
    const std::string situations = writer.array("std::uint16_t", item.situations, [](std::uint16_t row) { return number(row); });
    const std::string replies = writer.array(
        "OwnReply", item.replies, [&](const auto& r) { return "{" + literal(r.name) + ", " + literal(r.line) + ", " + number(r.situation) + ", " + literal(item.id) + "}"; });
    std::string texts;
    for (const auto& text : item.texts) texts += bilingual(text) + ", ";
    const auto reason = item.reason - status::reasons().data();
    return "{" + literal(item.id) + ", &reason_table[" + number(reason) + "], " + cast("Side", item.side) + ", " +
           cast("Permanence", item.permanence) + ", " + cast("Retry", item.retry) + ", " + number(item.retry_after) + ", " +
           cast("Confidence", item.confidence) + ", " + writer.words(item.codes) + ", " + enhanced + ", " + writer.words(item.rfc) + ", " +
           situations + ", " + writer.words(item.examples) + ", " + rules + ", " + replies + ", {{" + texts + "}}}";
}

std::string provider(Writer& writer, const status::Provider& item) {
    return "{" + literal(item.id) + ", " + cast("ProviderKind", item.kind) + ", " + bilingual(item.name) + ", " + writer.words(item.hosts) + ", " +
           writer.words(item.urls) + ", " + writer.words(item.words) + ", " + writer.words(item.aliases) + "}";
}

std::string generate(const status::CataloguePart& part) {
    Writer writer;
    std::string causes;
    for (const status::Cause& item : part.causes) causes += "    " + cause(writer, item) + ",\n";
    std::string providers;
    for (const status::Provider& item : part.providers) providers += "    " + provider(writer, item) + ",\n";
    return "// Written by tools/catalogc from catalogue/; change the files there.\n#include \"catalogue/builtin.h\"\n\nnamespace ph::catalogue "
           "{\nnamespace {\n\n"
           "using namespace ph::status;\nusing namespace std::string_view_literals;\n\n" +
           writer.tables() + "\nconstexpr Cause cause_table[] = {\n" + causes + "};\n\nconstexpr Provider provider_table[] = {\n" + providers +
           "};\n\n}  // namespace\n\nCataloguePart builtin() { return {cause_table, provider_table}; }\n\n}  // namespace ph::catalogue\n";
}

// One constant for each reply of ours, so that the server can only say what the catalogue explains: a typing error does not compile.
std::string generate_replies(const status::CataloguePart& part) {
    std::string constants;
    for (const status::Cause& item : part.causes) {
        for (const status::OwnReply& own : item.replies) {
            std::string identifier(own.name);
            std::ranges::replace(identifier, '-', '_');
            constants += "inline constexpr status::OwnReply " + identifier + "{" + literal(own.name) + ", " + literal(own.line) + ", " +
                         number(own.situation) + ", " + literal(item.id) + "};\n";
        }
    }
    return "// catalogue/replies.h: every reply of our server that refuses, named as in the catalogue. Written by tools/catalogc.\n#pragma once\n\n"
           "#include \"status/cause.h\"\n\nnamespace ph::catalogue::reply {\n\nusing namespace std::string_view_literals;\n\n" +
           constants + "\n}  // namespace ph::catalogue::reply\n";
}

// Left alone when it already says so, so that nothing is compiled again for a changed explanation.
bool write_file(const std::filesystem::path& path, const std::string& text) {
    if (std::filesystem::exists(path) && read_file(path) == text) return true;
    std::ofstream output(path, std::ios::binary);
    output << text;
    output.close();
    if (!output) std::cerr << path.string() << ": cannot write it\n";
    return static_cast<bool>(output);
}

bool complain(const explain::CatalogueLoader& loader) {
    for (const Fault& fault : loader.faults()) std::cerr << to_text(fault) << '\n';
    return !loader.faults().empty();
}

bool complain(const status::CataloguePart& part, const std::filesystem::path& root) {
    const status::Catalogue catalogue(part);
    if (catalogue.find("unstated.none") == nullptr) {
        std::cerr << root.string() << ": the cause unstated.none is missing; it answers what no rule knows\n";
        return true;
    }
    const auto complaints = explain::check_catalogue(catalogue, part);
    for (const explain::Complaint& complaint : complaints) {
        std::string path = complaint.cause;
        std::ranges::replace(path, '.', '/');
        std::cerr << (root / (path + ".toml")).string() << ": " << complaint.message << '\n';
    }
    return !complaints.empty();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: catalogc CATALOGUE-DIR OUTPUT.cc REPLIES.h\n";
        return 2;
    }
    const std::filesystem::path root = argv[1];
    explain::CatalogueLoader loader;
    for (const auto& path : catalogue_files(root)) {
        loader.add_file(std::filesystem::relative(path, root).string(), path.string(), read_file(path));
    }
    const status::CataloguePart part = loader.part();
    if (complain(loader) || complain(part, root)) return 1;
    return write_file(argv[2], generate(part)) && write_file(argv[3], generate_replies(part)) ? 0 : 1;
}
