// directory/params_test.cc: what posthorn.toml may say, as far as it shows without files.
#include "directory/params.h"

#include <gtest/gtest.h>

namespace ph::directory {
namespace {

TEST(Params, EveryDefaultPassesItsOwnCheck) {
    const DirectoryParams params;
    std::apply(
        [&](const auto&... entry) {
            const auto check = [&](const auto& one) {
                if constexpr (std::is_same_v<std::remove_cvref_t<decltype(params.*one.member)>, std::string>) {
                    ASSERT_NE(one.info.check, nullptr) << one.info.name;
                    EXPECT_EQ(one.info.check(params.*one.member), "") << one.info.name;
                }
                EXPECT_FALSE(one.info.doc.en.empty() || one.info.doc.zh.empty()) << one.info.name;
            };
            (check(entry), ...);
        },
        directory_params);
}

TEST(Params, ReadsThemFromTheFile) {
    DirectoryParams params;
    const auto faults = config::read_config(
        "[local]\ndomains = [\"example.org\", \"/etc/domains\"]\nquota = \"2G\"\ntransport = \"lmtp:unix:/run/lmtp\"\n[relay]\ndomains = "
        "[\".example.net\"]\n",
        "posthorn.toml", config::Section{params, directory_params});
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(params.local_domains.size(), 2U);
    EXPECT_EQ(params.local_quota, 2ULL << 30U);
}

TEST(Params, TellsBadValuesWithTheirLine) {
    for (const char* line :
         {"[local]\nusers = \"everybody\"", "[local]\nmaildir = \"Maildir\"", "[local]\nmaildir = \"/m/{name}\"", "[local]\ntransport = \"smtp:x\"",
          "[local]\nrecipient_delimiter = \"a\"", "[local]\ncatch_all = \"|x\"", "[local]\ndomains = [\"not a domain\"]",
          "[virtual]\naliases = \"lmdb:/x\"", "[route]\nrelay_host = \"[x\"", "[pipe]\ncommands = \"x\"", "[local]\naliases = \"aliases\""}) {
        DirectoryParams params;
        const auto faults = config::read_config(line, "posthorn.toml", config::Section{params, directory_params});
        ASSERT_EQ(faults.size(), 1U) << line;
        EXPECT_EQ(faults[0].where.line, 2U) << line;
    }
}

}  // namespace
}  // namespace ph::directory
