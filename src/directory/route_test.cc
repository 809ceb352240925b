// directory/route_test.cc: routes and their texts.
#include <string>

#include <gtest/gtest.h>

#include "directory/directory.h"

namespace ph::directory {
namespace {

TEST(Route, EveryKindComesBackFromItsText) {
    for (const std::string text :
         {"smtp:example.org", "smtp:example.org:2525", "smtp:[mx.example.org]", "smtp:[192.0.2.1]:2525", "smtp:[2001:db8::1]",
          "smtp:[ipv6:2001:db8::1]:26", "lmtp:unix:/run/dovecot/lmtp", "lmtp:localhost:24", "lmtp:[127.0.0.1]:24", "maildir:", "pipe:tickets",
          "discard:", "error:5.1.2 no such domain", "error:4.7.1", "error:5.1.1 ends: with colons:25"}) {
        const auto route = parse_route(text);
        ASSERT_TRUE(route) << text;
        EXPECT_EQ(to_text(*route), text);
    }
}

TEST(Route, TakesItApart) {
    const auto route = parse_route("smtp:[192.0.2.1]:2525");
    ASSERT_TRUE(route);
    EXPECT_EQ(route->kind, RouteKind::smtp);
    EXPECT_EQ(route->host, "[192.0.2.1]");
    EXPECT_EQ(route->port, 2525);
    EXPECT_EQ(parse_route("lmtp:unix:/run/x")->host, "unix:/run/x");
    EXPECT_EQ(parse_route("error:5.1.2 no")->argument, "5.1.2 no");
}

TEST(Route, FoldsNamesButNotPathsAndTexts) {
    EXPECT_EQ(to_text(*parse_route("SMTP:Example.ORG")), "smtp:example.org");
    EXPECT_EQ(to_text(*parse_route("pipe:Tickets")), "pipe:tickets");
    EXPECT_EQ(to_text(*parse_route("lmtp:unix:/Run/X")), "lmtp:unix:/Run/X");
    EXPECT_EQ(to_text(*parse_route("error:5.1.2 No")), "error:5.1.2 No");
}

TEST(Route, RefusesWhatIsNone) {
    for (const std::string bad : {"",
                                  "smtp",
                                  "smtp:",
                                  "smtp::25",
                                  "smtp:example.org:",
                                  "smtp:example.org:0",
                                  "smtp:example.org:65536",
                                  "smtp:example.org:025",
                                  "smtp:[",
                                  "smtp:[]",
                                  "smtp:[a b]",
                                  "smtp:[192.0.2.1]x",
                                  "smtp:exa mple.org",
                                  "smtp:2001:db8::1",
                                  "smtp:unix:/x",
                                  "lmtp:unix:x",
                                  "lmtp:unix:",
                                  "maildir:/x",
                                  "pipe:",
                                  "pipe:a b",
                                  "pipe:../x",
                                  "discard:x",
                                  "error:",
                                  "error:no code",
                                  "error:2.0.0 ok",
                                  "error:5.1.2x",
                                  "error:5.1.2 a\nb",
                                  "local:",
                                  "http:example.org"}) {
        EXPECT_FALSE(parse_route(bad)) << bad;
    }
    EXPECT_FALSE(parse_route("error:5.1.2 " + std::string(300, 'x')));
    EXPECT_FALSE(parse_route("lmtp:unix:/" + std::string(107, 'x')));
}

}  // namespace
}  // namespace ph::directory
