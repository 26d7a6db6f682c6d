#ifndef SIGNET_TESTS_SERVICE_MESSAGE_TEXT_H_
#define SIGNET_TESTS_SERVICE_MESSAGE_TEXT_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace signet {

// FromText reads a message from protobuf's text format.
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// ExpectMessage compares a message with one in text format.
template <typename Message>
void ExpectMessage(const Message& message, const std::string& text) {
  EXPECT_EQ(message.DebugString(), FromText<Message>(text).DebugString());
}

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_MESSAGE_TEXT_H_
