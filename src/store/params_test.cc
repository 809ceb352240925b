// store/params_test.cc: the spool's parameters: the defaults keep their own bounds, and the file is read into the right members.
#include "store/params.h"

#include <gtest/gtest.h>

namespace ph::store {
namespace {

TEST(Params, TheDefaultsKeepTheirBounds) {
    SpoolConfig defaults;
    for (const config::Setting& setting : config::settings_of(config::Section{defaults, spool_params})) {
        SpoolConfig read;
        const std::string line = std::string(config::key_of(setting.info.name)) + " = \"" + setting.default_value + "\"";
        EXPECT_TRUE(config::read_config("[spool]\n" + line + "\n", "posthorn.toml", config::Section{read, spool_params}).empty()) << line;
    }
}

TEST(Params, AreReadFromTheirTable) {
    SpoolConfig read;
    const auto faults = config::read_config("[spool]\ndirectory = \"/mail\"\nsegment_size = \"8M\"\nmax_size = \"1G\"\nreserve = \"16M\"\n",
                                            "posthorn.toml", config::Section{read, spool_params});
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(read.directory, "/mail");
    EXPECT_EQ(read.segment_size, 8U * 1024 * 1024);
    EXPECT_EQ(read.max_size, 1024U * 1024 * 1024);
    EXPECT_EQ(read.reserve, 16U * 1024 * 1024);
    EXPECT_EQ(config::read_config("[spool]\nsegment_size = \"4k\"\n", "posthorn.toml", config::Section{read, spool_params}).size(), 1U);
}

}  // namespace
}  // namespace ph::store
