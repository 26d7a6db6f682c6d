package orders

import (
	"context"
	"crypto/tls"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	signetv1 "signet.dev/proto/signet/v1"
)

// connect is called once. config has the CA of Signet's certificate, and your
// own certificate and key.
func connect(address string, config *tls.Config) (signetv1.TokenServiceClient, error) {
	connection, err := grpc.NewClient("dns:///"+address,
		grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig":[{"round_robin":{}}]}`))
	if err != nil {
		return nil, err
	}
	return signetv1.NewTokenServiceClient(connection), nil
}

// authorize returns the claims of a token that policy accepts. Whoever gets nil
// denies: the token is not good, or Signet could not decide.
func authorize(ctx context.Context, signet signetv1.TokenServiceClient, token, policy string) *signetv1.Claims {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	answer, err := signet.Verify(ctx, &signetv1.VerifyRequest{Token: token, Policy: policy})
	if err != nil {
		log.Printf("undecided: %v", status.Code(err))
		return nil
	}
	return answer.GetVerified().GetClaims()
}
