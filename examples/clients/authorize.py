import logging

import grpc
from signet.v1 import token_service_pb2, token_service_pb2_grpc


def connect(address, credentials):
    """Is called once. credentials are grpc.ssl_channel_credentials with the CA
    of Signet's certificate, and your own key and certificate."""
    channel = grpc.secure_channel(
        address, credentials, options=[("grpc.lb_policy_name", "round_robin")])
    return token_service_pb2_grpc.TokenServiceStub(channel)


def authorize(signet, token, policy):
    """Returns the claims of a token that the policy accepts. Whoever gets None
    denies: the token is not good, or Signet could not decide."""
    request = token_service_pb2.VerifyRequest(token=token, policy=policy)
    try:
        answer = signet.Verify(request, timeout=1)
    except grpc.RpcError as error:
        logging.error("undecided: %s", error.code())
        return None
    return answer.verified.claims if answer.HasField("verified") else None
