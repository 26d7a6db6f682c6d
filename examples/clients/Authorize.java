import dev.signet.v1.Claims;
import dev.signet.v1.TokenServiceGrpc;
import dev.signet.v1.VerifyRequest;
import dev.signet.v1.VerifyResponse;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

final class Authorize {
  private static final Logger log = Logger.getLogger(Authorize.class.getName());
  private final TokenServiceGrpc.TokenServiceBlockingStub signet;

  /**
   * Is made once. The credentials are TlsChannelCredentials with the CA of
   * Signet's certificate, and your own certificate and key.
   */
  Authorize(String address, ChannelCredentials credentials) {
    signet = TokenServiceGrpc.newBlockingStub(
        Grpc.newChannelBuilder("dns:///" + address, credentials)
            .defaultLoadBalancingPolicy("round_robin").build());
  }

  /**
   * Returns the claims of a token that the policy accepts. Whoever gets nothing
   * denies: the token is not good, or Signet could not decide.
   */
  Optional<Claims> authorize(String token, String policy) {
    VerifyRequest request =
        VerifyRequest.newBuilder().setToken(token).setPolicy(policy).build();
    try {
      VerifyResponse answer =
          signet.withDeadlineAfter(1, TimeUnit.SECONDS).verify(request);
      return answer.hasVerified()
          ? Optional.of(answer.getVerified().getClaims()) : Optional.empty();
    } catch (StatusRuntimeException error) {
      log.severe("undecided: " + error.getStatus().getCode());
      return Optional.empty();
    }
  }
}
