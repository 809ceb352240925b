// mail/address_literal_test.cc: which texts are IPv4 and IPv6 addresses, and which only look so (RFC 4291 2.2).
#include "mail/address_literal.h"

#include <gtest/gtest.h>

namespace ph::mail {
namespace {

TEST(AddressLiteral, KnowsAddresses) {
    for (const char* text :
         {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:192.0.2.1", "::192.0.2.1", "1:2:3::7:8", "A:B::c", "1:2:3:4:5:6:7::"}) {
        EXPECT_TRUE(is_ipv6(text)) << text;
    }
    for (const char* text : {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "12345::", "g::", "1::2::3", "1:", ":1",
                             "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "::1 ", "1:2:3:4:5:6:7:8:"}) {
        EXPECT_FALSE(is_ipv6(text)) << text;
    }
    EXPECT_TRUE(is_ipv4("0.0.0.0"));
    EXPECT_TRUE(is_ipv4("255.255.255.255"));
    for (const char* text : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1.2.3.256", "1.2.3.1000", "01.2.3.4", "1.2.3.a", "1.2.3.4 "}) {
        EXPECT_FALSE(is_ipv4(text)) << text;
    }
    EXPECT_EQ(address_literal("192.0.2.1"), "[192.0.2.1]");
    EXPECT_EQ(address_literal("2001:DB8::1"), "[IPv6:2001:db8::1]");
    EXPECT_EQ(address_literal("localhost"), "");
}

}  // namespace
}  // namespace ph::mail
