// server/restart_only_test.cc: keep_what_needs_restart.
#include "server/restart_only.h"

#include <gtest/gtest.h>

namespace ph::server {
namespace {

TEST(RestartOnly, WhatNeedsARestartKeepsItsValueAndIsNamed) {
    Config running;
    running.server.hostname = "mx.example.org";
    Config fresh = running;
    fresh.server.hostname = "other.example.org";
    fresh.server.smtp_listen = {"0.0.0.0:2525"};
    fresh.store.directory = "/elsewhere";
    const auto held = keep_what_needs_restart(running, fresh);
    ASSERT_EQ(held.size(), 3U);
    EXPECT_EQ(held[0].name, "server.hostname");
    EXPECT_EQ(held[0].now, "mx.example.org");
    EXPECT_EQ(held[0].asked, "other.example.org");
    EXPECT_EQ(held[1].name, "server.smtp_listen");
    EXPECT_EQ(held[2].name, "spool.directory");
    EXPECT_EQ(fresh.server.hostname, "mx.example.org");
    EXPECT_EQ(fresh.server.smtp_listen, running.server.smtp_listen);
    EXPECT_EQ(fresh.store.directory, running.store.directory);
}

TEST(RestartOnly, WhatAReloadChangesIsChanged) {
    const Config running;
    Config fresh;
    fresh.server.max_sessions = 7;
    fresh.smtp.banner = "new";
    fresh.directory.local_domains = {"new.example"};
    EXPECT_TRUE(keep_what_needs_restart(running, fresh).empty());
    EXPECT_EQ(fresh.server.max_sessions, 7U);
    EXPECT_EQ(fresh.smtp.banner, "new");
    EXPECT_EQ(fresh.directory.local_domains, config::Texts{"new.example"});
}

}  // namespace
}  // namespace ph::server
