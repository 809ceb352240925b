// io/endpoint_test.cc: addresses and endpoints as text and back.
#include "io/endpoint.h"

#include <gtest/gtest.h>

namespace ph::io {
namespace {

TEST(IoEndpoint, ReadsAddressesAndWritesThemInOneForm) {
    struct Case {
        const char* text;
        const char* written;
        bool v6;
    };
    for (const Case& c : {Case{"192.0.2.1", "192.0.2.1", false}, Case{"2001:DB8:0::1", "2001:db8::1", true}, Case{"::", "::", true},
                          Case{"::ffff:192.0.2.1", "192.0.2.1", false}, Case{"::FFFF:c000:0201", "192.0.2.1", false}}) {
        const auto address = IpAddress::parse(c.text);
        ASSERT_TRUE(address) << c.text;
        EXPECT_EQ(to_text(*address), c.written);
        EXPECT_EQ(address->v6, c.v6) << c.text;
    }
    EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
}

TEST(IoEndpoint, RefusesWhatIsNoAddress) {
    for (const std::string_view text : {"", "192.0.2", "192.0.2.256", "192.0.2.01", "0x7f.1", "fe80::1%lo", "[::1]", " 192.0.2.1", "example.com",
                                        "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111"}) {
        EXPECT_FALSE(IpAddress::parse(text)) << text;
    }
    EXPECT_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0", 10)));
}

TEST(IoEndpoint, KnowsLoopback) {
    for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(IpAddress::parse(text)->is_loopback()) << text;
    for (const char* text : {"128.0.0.1", "::", "::2", "7f00::1"}) EXPECT_FALSE(IpAddress::parse(text)->is_loopback()) << text;
}

TEST(IoEndpoint, ReadsWhatItWrites) {
    for (const char* text : {"192.0.2.1:25", "[2001:db8::1]:65535", "0.0.0.0:0", "unix:/run/posthorn/control"}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_TRUE(endpoint) << text;
        EXPECT_EQ(to_text(*endpoint), text);
    }
    EXPECT_TRUE(parse_endpoint("unix:/x")->is_local());
}

TEST(IoEndpoint, RefusesWhatIsNoEndpoint) {
    for (const std::string& text :
         {std::string(), std::string("25"), std::string("192.0.2.1"), std::string("192.0.2.1:"), std::string("192.0.2.1:65536"),
          std::string("192.0.2.1:-1"), std::string("192.0.2.1:25x"), std::string("2001:db8::1:25"), std::string("[192.0.2.1]:25"),
          std::string("[]:25"), std::string("host:25"), std::string("unix:"), std::string("unix:relative"), "unix:/" + std::string(200, 'x')}) {
        const auto endpoint = parse_endpoint(text);
        ASSERT_FALSE(endpoint) << text;
        EXPECT_FALSE(endpoint.error().message.empty());
    }
}

}  // namespace
}  // namespace ph::io
