// mail/downgrade_test.cc: messages made fit for 7-bit and for 8-bit next hops, octet for octet, and those that must not be changed (RFC 6152 3).
#include "mail/downgrade.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/header_section.h"
#include "mail/octets.h"
#include "mail/transfer_encoding.h"

namespace ph::mail {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::Not;

std::string seven_bit(std::string_view message) {
    const auto made = downgrade(message, NextHop::seven_bit);
    EXPECT_TRUE(made) << made.error().message;
    if (!made) return {};
    EXPECT_FALSE(has_high_octet(*made));
    EXPECT_EQ(*downgrade(*made, NextHop::seven_bit), *made);
    return *made;
}

FaultKind fault(std::string_view message) {
    const auto made = downgrade(message, NextHop::seven_bit);
    EXPECT_FALSE(made);
    return made ? FaultKind::missing : made.error().kind;
}

const std::string text_part =
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\xc3\xbc\xc3\x9f Gott, Ihr Leute\r\n";

TEST(Downgrade, LeavesWhatPassesAsItIs) {
    const std::string message = "Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + std::string(2000, 'x') + "\r\n";
    EXPECT_EQ(seven_bit(message), message);
    EXPECT_EQ(seven_bit(""), "");
    EXPECT_EQ(*downgrade(text_part, NextHop::eight_bit), text_part);
}

TEST(Downgrade, EncodesATextAsQuotedPrintable) {
    EXPECT_EQ(seven_bit("Subject: x\r\nMIME-Version: 1.0\r\n" + text_part),
              "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
              "gr=C3=BC=C3=9F Gott, Ihr Leute\r\n");
}

TEST(Downgrade, EncodesChineseTextAsBase64ForThatIsShorter) {
    const std::string text = "这封信的正文是中文。\r\n";
    const std::string made = seven_bit("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text);
    const auto header = HeaderSection::parse(made);
    EXPECT_EQ(header->value("Content-Transfer-Encoding"), "base64");
    EXPECT_EQ(*decode_base64(std::string_view(made).substr(header->size())), text);
}

TEST(Downgrade, SaysWhatAnUnlabelledTextIs) {
    EXPECT_THAT(seven_bit("Subject: x\r\n\r\ngr\xc3\xbc\xc3\x9f Gott\r\n"),
                HasSubstr("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"));
    EXPECT_THAT(seven_bit("Subject: x\r\n\r\ngr\xfc\xdf Gott\r\n"), HasSubstr("charset=unknown-8bit"));
    EXPECT_THAT(seven_bit("\r\ngr\xfc\xdf Gott, Leute\r\n"), testing::StartsWith("Content-Transfer-Encoding: quoted-printable\r\nMIME-Version"));
}

TEST(Downgrade, EncodesPartsAndRelabelsWhatIsAroundThem) {
    const std::string message =
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\nfor nobody \xc3\xa4\r\n--b\r\n" +
        text_part +
        "\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain \r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        "\x89PNG\r\n\x1a\n\0"s
        "\r\n--b--\r\nfor nobody \xc3\xa4\r\n";
    EXPECT_EQ(seven_bit(message),
              "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\n--b\r\n"
              "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=C3=BC=C3=9F Gott, Ihr Leute\r\n"
              "\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain \r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
              "iVBORw0KGgoA\r\n\r\n--b--\r\n");
}

TEST(Downgrade, GoesIntoMessagesAndDigests) {
    EXPECT_THAT(seven_bit("Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ngr\xc3\xbc\xc3\x9f Gott, Leute\r\n"),
                HasSubstr("\r\n\r\nSubject: inner\r\nContent-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\nContent-Type: text/plain"));
    const std::string digest =
        seven_bit("Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: inner\r\n\r\ngr\xc3\xbc\xc3\x9f Gott, Leute\r\n--d--\r\n");
    EXPECT_THAT(digest, HasSubstr("--d\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject: inner\r\n"));
    EXPECT_THAT(digest, HasSubstr("gr=C3=BC=C3=9F Gott, Leute\r\n--d--\r\n"));
}

TEST(Downgrade, RepairsQuotedPrintableWithRawOctets) {
    EXPECT_THAT(
        seven_bit("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db and gr\xc3\xbc=C3=9F to all of you\r\n"),
        HasSubstr("a=3Db and gr=C3=BC=C3=9F to all of you\r\n"));
}

TEST(Downgrade, RefusesWhatMustNotBeChanged) {
    const std::string eight = "\r\n\r\n--b\r\n" + text_part + "\r\n--b--\r\n";
    EXPECT_EQ(fault("Content-Type: multipart/signed; boundary=b" + eight), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: multipart/encrypted; boundary=b" + eight), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/signed; boundary=b" + eight),
              FaultKind::bad_value);
    EXPECT_EQ(fault("Subject: \xc3\xa4\r\n\r\nbody\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: \xc3\xa4\r\n\r\nbody\r\n--b--\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: message/partial\r\n\r\n\xc3\xa4\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64" + eight), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Type: multipart/mixed; boundary=b\r\n\r\nno parts \xc3\xa4\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Transfer-Encoding: base64\r\n\r\n\xc3\xa4\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Transfer-Encoding: x-uuencode\r\n\r\n\xc3\xa4\r\n"), FaultKind::bad_value);
    EXPECT_EQ(fault("Content-Transfer-Encoding: quoted-printable\r\n\r\n=\xc3\xa4\r\n"), FaultKind::malformed);
}

TEST(Downgrade, ASignedPartBesideAnEightBitOneStaysUntouched) {
    const std::string signed_part = "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nsigned \r\n--s--";
    EXPECT_THAT(seven_bit("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + signed_part + "\r\n--b\r\n" + text_part + "--b--\r\n"),
                HasSubstr(signed_part));
}

TEST(Downgrade, MakesBinaryFitForEightBitServers) {
    const std::string binary = "MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: binary\r\n\r\na\0b\rc\n"s;
    EXPECT_EQ(*downgrade(binary, NextHop::eight_bit),
              "MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode_base64("a\0b\rc\n"s));
    const std::string long_line = "Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\n" + std::string(2000, 'x') + "\r\n";
    EXPECT_THAT(*downgrade(long_line, NextHop::eight_bit), HasSubstr("quoted-printable\r\n"));
    const std::string mixed = "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n--b\r\n" + text_part +
                              "\r\n--b\r\n" + binary + "\r\n--b--\r\n";
    const std::string made = *downgrade(mixed, NextHop::eight_bit);
    EXPECT_THAT(made, HasSubstr("boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b\r\n" + text_part));
    EXPECT_THAT(made, Not(HasSubstr("\0"s)));
}

TEST(Downgrade, HasLimits) {
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "Content-Type: message/rfc822\r\n\r\n";
    EXPECT_EQ(fault(deep + "\r\n\xc3\xa4\r\n"), FaultKind::too_large);
    std::string many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 10'002; ++i) many += "--b\r\n\r\n\xe4\r\n";
    EXPECT_EQ(fault(many), FaultKind::too_large);
}

}  // namespace
}  // namespace ph::mail
