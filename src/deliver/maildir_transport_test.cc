// deliver/maildir_transport_test.cc: messages in Maildirs, each recipient with his own, and every reason why one is not there.
#include "deliver/maildir_transport.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "deliver/test_mail.h"
#include "io/test_world.h"

namespace ph::deliver {
namespace {

class MaildirTransportTest : public testing::Test {
  protected:
    MaildirTransportTest() { bodies_.pieces = {"Subject: hello\r\n\r", "\nfirst\r\nsecond\r\n"}; }

    std::string add_user(const std::string& name) {
        const std::string path = folder_ / name;
        directory_->users[name + "@b.example"] = test::user_at(path);
        return path;
    }
    Attempt attempt(const std::vector<std::string>& recipients, std::uint64_t size = 35) {
        const spool::Work work = test::work_for(recipients, size);
        return world_.wait_for(transport_.attempt(work, {directory::RouteKind::maildir, "", 0, ""}));
    }
    // The one message in new/, tmp/ being empty.
    static std::string message_in(const std::string& maildir) {
        EXPECT_TRUE(test::files_in(maildir + "/tmp").empty());
        const auto files = test::files_in(maildir + "/new");
        EXPECT_EQ(files.size(), 1U);
        return files.size() == 1 ? test::read_file(files[0]) : "";
    }
    static bool is_empty(const std::string& maildir) { return test::files_in(maildir + "/tmp").empty() && test::files_in(maildir + "/new").empty(); }

    test::Folder folder_;
    io::TestWorld world_;
    std::shared_ptr<test::ToldDirectory> directory_ = std::make_shared<test::ToldDirectory>();
    test::ToldBodies bodies_;
    MaildirTransport transport_{world_, [this] { return directory_; }, bodies_, "mx.example"};
};

TEST_F(MaildirTransportTest, DeliversWithLineFeedsAndTheFieldsOfFinalDelivery) {
    const std::string ann = add_user("ann");
    const Attempt result = attempt({"ann@b.example"});
    ASSERT_EQ(result.outcomes.size(), 1U);
    EXPECT_EQ(result.outcomes[0].ending, Ending::delivered);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{2, 0, 0}));
    EXPECT_TRUE(result.outcomes[0].final_delivery);
    EXPECT_TRUE(result.facts.reached);
    EXPECT_FALSE(result.facts.host_trouble);
    EXPECT_EQ(message_in(ann), "Return-Path: <sender@remote.example>\nDelivered-To: ann@b.example\nSubject: hello\n\nfirst\nsecond\n");
}

TEST_F(MaildirTransportTest, GivesEachRecipientAFileOfHisOwn) {
    const std::string ann = add_user("ann");
    const std::string ben = add_user("ben");
    const Attempt result = attempt({"ann@b.example", "nobody@b.example", "ben@b.example"});
    ASSERT_EQ(result.outcomes.size(), 3U);
    EXPECT_EQ(result.outcomes[0].ending, Ending::delivered);
    EXPECT_EQ(result.outcomes[2].ending, Ending::delivered);
    EXPECT_EQ(result.outcomes[1].ending, Ending::failed);
    EXPECT_EQ(result.outcomes[1].status, (status::EnhancedCode{5, 1, 1}));
    EXPECT_EQ(result.outcomes[1].situation, 125U);
    EXPECT_EQ(result.outcomes[1].text, "unknown user: \"nobody@b.example\"");
    EXPECT_NE(message_in(ann).find("Delivered-To: ann@"), std::string::npos);
    EXPECT_NE(message_in(ben).find("Delivered-To: ben@"), std::string::npos);
    EXPECT_EQ(bodies_.opened, 1);
}

TEST_F(MaildirTransportTest, StreamsALargeBody) {
    const std::string ann = add_user("ann");
    std::string line = std::string(998, 'x') + "\r\n";
    std::string expected;
    for (int i = 0; i < 2000; ++i) {
        bodies_.pieces.push_back(line);
        expected += std::string(998, 'x') + "\n";
    }
    EXPECT_EQ(attempt({"ann@b.example"}).outcomes[0].ending, Ending::delivered);
    EXPECT_TRUE(message_in(ann).ends_with("second\n" + expected));
}

TEST_F(MaildirTransportTest, DeliversToManyRecipientsInGroups) {
    std::vector<std::string> recipients;
    for (int i = 0; i < 120; ++i) {
        add_user("u" + std::to_string(i));
        recipients.push_back("u" + std::to_string(i) + "@b.example");
    }
    const Attempt result = attempt(recipients);
    ASSERT_EQ(result.outcomes.size(), 120U);
    for (int i = 0; i < 120; ++i) {
        EXPECT_EQ(result.outcomes[static_cast<std::size_t>(i)].ending, Ending::delivered);
        EXPECT_NE(message_in(folder_ / ("u" + std::to_string(i))).find("Delivered-To: u" + std::to_string(i) + "@"), std::string::npos);
    }
    EXPECT_EQ(bodies_.opened, 3);
}

TEST_F(MaildirTransportTest, TwoMessagesHaveTwoNames) {
    const std::string ann = add_user("ann");
    attempt({"ann@b.example", "ann@b.example"});
    attempt({"ann@b.example"});
    EXPECT_EQ(test::files_in(ann + "/new").size(), 3U);
}

TEST_F(MaildirTransportTest, RefusesWhatWasDeliveredToTheAddressBefore) {
    const std::string ann = add_user("ann");
    const std::string ben = add_user("ben");
    bodies_.pieces = {"Received: by x\r\nDelivered-To: ANN@b.example\r\n", "Subject: x\r\n\r\nDelivered-To: ben@b.example\r\n"};
    const Attempt result = attempt({"ann@b.example", "ben@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::failed);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{5, 4, 6}));
    EXPECT_EQ(result.outcomes[0].situation, 127U);
    EXPECT_EQ(result.outcomes[0].text, "mail forwarding loop for ann@b.example");
    EXPECT_TRUE(is_empty(ann));
    EXPECT_EQ(result.outcomes[1].ending, Ending::delivered);  // a line of the body says nothing
    EXPECT_NE(message_in(ben), "");
}

TEST_F(MaildirTransportTest, DefersWhenTheMailboxIsFull) {
    const std::string ann = add_user("ann");
    directory_->users["ann@b.example"].quota_bytes = 100;
    EXPECT_EQ(attempt({"ann@b.example"}, 40).outcomes[0].ending, Ending::delivered);
    const Attempt result = attempt({"ann@b.example"}, 40);
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{4, 2, 2}));
    EXPECT_EQ(result.outcomes[0].situation, 124U);
    EXPECT_TRUE(result.outcomes[0].text.starts_with("mailbox full")) << result.outcomes[0].text;
    EXPECT_FALSE(result.facts.host_trouble);
    EXPECT_NE(message_in(ann), "");
}

TEST_F(MaildirTransportTest, DefersWhenTheHomeIsNotThere) {
    directory::LocalUser user = test::user_at(folder_ / "gone/Maildir");
    user.home = folder_ / "gone";
    directory_->users["ann@b.example"] = user;
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_EQ(result.outcomes[0].status, (status::EnhancedCode{4, 3, 0}));
    EXPECT_EQ(result.outcomes[0].text, "cannot open " + (folder_ / "gone") + ": No such file or directory");
    EXPECT_FALSE(result.facts.host_trouble);
}

TEST_F(MaildirTransportTest, LeavesNothingWhenTheBodyCannotBeRead) {
    const std::string ann = add_user("ann");
    for (int i = 0; i < 1000; ++i) bodies_.pieces.push_back(std::string(998, 'x') + "\r\n");
    bodies_.fault = store::StoreFault{store::Trouble::damaged, "record 5"};
    const Attempt result = attempt({"ann@b.example"});
    EXPECT_EQ(result.outcomes[0].ending, Ending::deferred);
    EXPECT_EQ(result.outcomes[0].situation, 131U);
    EXPECT_TRUE(is_empty(ann));
}

TEST_F(MaildirTransportTest, WritesAReturnPathForBounces) {
    const std::string ann = add_user("ann");
    spool::Work work = test::work_for({"ann@b.example"});
    work.data.reverse_path = {};
    world_.wait_for(transport_.attempt(work, {directory::RouteKind::maildir, "", 0, ""}));
    EXPECT_TRUE(message_in(ann).starts_with("Return-Path: <>\n"));
}

}  // namespace
}  // namespace ph::deliver
