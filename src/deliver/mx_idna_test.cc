// deliver/mx_idna_test.cc: names of which the A-label is known, samples of RFC 3492 7.1, and what is no name.
#include "deliver/mx_idna.h"

#include <gtest/gtest.h>

namespace ph::deliver {
namespace {

TEST(MxIdna, MakesKnownALabels) {
    EXPECT_EQ(to_ascii_domain("例子.example"), "xn--fsqu00a.example");
    EXPECT_EQ(to_ascii_domain("bücher.example"), "xn--bcher-kva.example");
    EXPECT_EQ(to_ascii_domain("BÜCHER.Example"), "xn--bcher-kva.example");
    EXPECT_EQ(to_ascii_domain("bu\xCC\x88"
                              "cher.example"),
              "xn--bcher-kva.example");  // u with a combining diaeresis
    EXPECT_EQ(to_ascii_domain("faß.de"), "xn--fa-hia.de");
    EXPECT_EQ(to_ascii_domain("中国"), "xn--fiqs8s");
    EXPECT_EQ(to_ascii_domain("他们为什么不说中文"), "xn--ihqwcrb4cv8a8dqg056pqjye");                    // RFC 3492 7.1 (B)
    EXPECT_EQ(to_ascii_domain("pročprostěnemluvíčesky"), "xn--proprostnemluvesky-uyb24dma41a");          // RFC 3492 7.1 (D), in lower case
    EXPECT_EQ(to_ascii_domain("почемужеонинеговорятпорусски"), "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l");  // RFC 3492 7.1 (H)
}

TEST(MxIdna, LeavesAsciiAsItIs) {
    EXPECT_EQ(to_ascii_domain("MX.Example.org"), "mx.example.org");
    EXPECT_EQ(to_ascii_domain("_dmarc.example.org"), "_dmarc.example.org");
}

TEST(MxIdna, RefusesWhatIsNoName) {
    EXPECT_FALSE(to_ascii_domain(""));
    EXPECT_FALSE(to_ascii_domain("a..b"));
    EXPECT_FALSE(to_ascii_domain("a.b."));
    EXPECT_FALSE(to_ascii_domain("\xFF.example"));
    EXPECT_FALSE(to_ascii_domain("\xC3\xA4 x.example"));
    EXPECT_FALSE(to_ascii_domain(std::string(64, 'a')));
    EXPECT_TRUE(to_ascii_domain(std::string(63, 'a')));
    std::string wide;
    for (int i = 0; i < 62; ++i) wide += "\xE4\xB8\xAD";
    EXPECT_TRUE(to_ascii_domain(wide.substr(0, 30)));
    std::string different;
    for (char c = 0; c < 60; ++c) different += std::string("\xE4\xB8") + static_cast<char>(0x80 + c);
    EXPECT_FALSE(to_ascii_domain(different + different));
    std::string dots;
    for (int i = 0; i < 127; ++i) dots += "a.";
    EXPECT_FALSE(to_ascii_domain(dots + "a"));
}

}  // namespace
}  // namespace ph::deliver
