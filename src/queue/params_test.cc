// queue/params_test.cc: the parameters as posthorn.toml has them, and what holds for one destination.
#include "queue/params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ph::queue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> read(QueueParams& params, std::string_view text) {
    std::vector<std::string> faults;
    for (const Fault& fault : config::read_config(text, "posthorn.toml", config::Section{params, queue_params})) faults.push_back(to_text(fault));
    return faults;
}

TEST(Params, ReadsDurationsSizesAndDestinations) {
    QueueParams params;
    EXPECT_THAT(read(params,
                     "[queue]\nretry_first = \"1m\"\nlifetime = \"3d\"\nmemory = \"10M\"\n"
                     "destinations = [\"b.example concurrency=2 lifetime=1d\"]\ndouble_bounce_to = \"\"\n"),
                IsEmpty());
    EXPECT_EQ(params.retry_first, Seconds(60));
    EXPECT_EQ(params.memory, 10ULL * 1024 * 1024);
    EXPECT_EQ(params.double_bounce_to, "");
    EXPECT_EQ(params.destinations.size(), 1U);
}

TEST(Params, RefusesWhatIsOutOfBoundsOrWrong) {
    QueueParams params;
    EXPECT_THAT(read(params, "[queue]\nlifetime = \"10s\"\n"), ElementsAre(HasSubstr("queue.lifetime must be from 1m to 60d")));
    EXPECT_THAT(read(params, "[queue]\nconcurrency = 0\n"), ElementsAre(HasSubstr("1 to 20000")));
    EXPECT_THAT(read(params, "[queue]\ndestinations = [\"b.example speed=2\"]\n"), ElementsAre(HasSubstr("only these keys")));
    EXPECT_THAT(read(params, "[queue]\ndouble_bounce_to = \"no address\"\n"), ElementsAre(HasSubstr("postmaster")));
}

TEST(Params, EveryStressValueIsWithinItsBounds) {
    QueueParams params;
    for (const config::Setting& setting : config::settings_of(config::Section{params, queue_params})) {
        if (setting.info.check != nullptr || setting.info.max == 0) continue;
        EXPECT_GE(setting.info.stress, setting.info.min) << setting.info.name;
        EXPECT_LE(setting.info.stress, setting.info.max) << setting.info.name;
        EXPECT_NE(setting.info.stress, 0) << setting.info.name;
        EXPECT_NE(setting.info.doc.zh, "") << setting.info.name;
    }
}

TEST(Params, PutsTheOverridesOfADestinationIn) {
    QueueParams params;
    params.destinations = {"b.example concurrency=2 retry_first=1m retry_max=2m lifetime=1d", "* concurrency=7"};
    const Settings settings(params);
    const Limits b = settings.limits_for("smtp:b.example");
    EXPECT_EQ(b.window.max, 2U);
    EXPECT_EQ(b.retry.first, Seconds(60));
    EXPECT_EQ(b.retry.max, Seconds(120));
    EXPECT_EQ(b.lifetime, Seconds(86400));
    const Limits other = settings.limits_for("smtp:c.example");
    EXPECT_EQ(other.window.max, 7U);
    EXPECT_EQ(other.retry.first, Seconds(300));
    EXPECT_EQ(other.lifetime, std::nullopt);
}

TEST(Params, GivesBouncesTheirOwnLifetime) {
    QueueParams params;
    params.bounce_lifetime = Seconds(3600);
    const Settings settings(params);
    EXPECT_EQ(settings.lifetime({}).expires_after, Seconds(3600));
    EXPECT_EQ(settings.lifetime({"ann", "a.example"}).expires_after, Seconds(5 * 86400));
    EXPECT_TRUE(settings.lifetime({}).deliver_now);
}

}  // namespace
}  // namespace ph::queue
