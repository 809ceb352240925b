// smtp/client/offers_test.cc: EHLO answers as servers give them, and broken ones.
#include "smtp/client/offers.h"

#include <gtest/gtest.h>

namespace ph::smtp::client {
namespace {

TEST(ClientOffers, ReadsEveryKeywordInAnyCase) {
    const Offers offers = parse_offers(
        "250-mx.example.org greets you\n250-pipelining\n250-SIZE 35882577\n250-8BitMime\n250-SMTPUTF8\n250-DSN\n250-CHUNKING\n250-BINARYMIME\n"
        "250-ENHANCEDSTATUSCODES\n250-STARTTLS\n250-AUTH PLAIN LOGIN\n250-LIMITS MAILMAX=20 RCPTMAX=50 OTHER=1\n250 HELP");
    EXPECT_EQ(offers.name, "mx.example.org");
    EXPECT_TRUE(offers.extended && offers.pipelining && offers.eight_bit && offers.smtputf8 && offers.dsn && offers.chunking && offers.binary_mime);
    EXPECT_TRUE(offers.enhanced && offers.starttls && offers.auth && offers.size_parameter);
    EXPECT_EQ(offers.size, 35882577U);
    EXPECT_EQ(offers.mail_max, 20U);
    EXPECT_EQ(offers.rcpt_max, 50U);
}

TEST(ClientOffers, TakesTheFirstLineForANameOnly) {
    const Offers offers = parse_offers("250 PIPELINING");
    EXPECT_EQ(offers.name, "PIPELINING");
    EXPECT_FALSE(offers.pipelining);
}

TEST(ClientOffers, PassesOverWhatItCannotRead) {
    const Offers offers = parse_offers("250-x\n250-SIZE many\n250-LIMITS RCPTMAX= MAILMAX=-1 =3\n250-PIPELININGX\n250\n25");
    EXPECT_EQ(offers.size, 0U);
    EXPECT_TRUE(offers.size_parameter);
    EXPECT_EQ(offers.rcpt_max, 0U);
    EXPECT_EQ(offers.mail_max, 0U);
    EXPECT_FALSE(offers.pipelining);
}

}  // namespace
}  // namespace ph::smtp::client
