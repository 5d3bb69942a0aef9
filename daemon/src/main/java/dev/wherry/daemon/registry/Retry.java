package dev.wherry.daemon.registry;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.transport.BusyException;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** When to ask a registry again, and what to say when there is no point. */
final class Retry {

    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private Retry() {}

    /** One request, which may fail. */
    @FunctionalInterface
    interface Request<T> {
        T run() throws IOException;
    }

    /** Runs a request until it succeeds or there is no point in trying again. */
    static <T> T of(RegistryEndpoint endpoint, Request<T> request) {
        for (int failures = 1; ; failures++) {
            try {
                return request.run();
            } catch (IOException failure) {
                pause(endpoint, failure, failures);
            }
        }
    }

    /**
     * Waits before the next attempt, longer after each failure.
     *
     * @param failures how many there were in a row
     * @throws UnavailableException when that was the last attempt
     * @throws CancelledException when interrupted
     */
    static void pause(RegistryEndpoint endpoint, IOException failure, int failures) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("cancelled while talking to registry " + endpoint.host(), failure);
        }
        boolean hopeless = failure instanceof ProtocolException
                || failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLException;
        if (hopeless || failures >= ATTEMPTS) {
            throw new UnavailableException(describe(endpoint, failure), failure);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (failures - 1));
        if (failure instanceof BusyException busy && busy.pause().compareTo(pause) > 0) {
            pause = busy.pause();
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while talking to registry " + endpoint.host(), interrupted);
        }
    }

    private static String describe(RegistryEndpoint endpoint, IOException failure) {
        String cannot = "cannot reach registry " + endpoint.host() + ": ";
        return switch (failure) {
            case ConnectException _ when causedByName(failure) -> cannot + "no host of that name";
            case ConnectException _ -> cannot + connectReason(failure) + ": is it running?";
            case HttpConnectTimeoutException _ -> cannot + "it does not answer: is it running?";
            case HttpTimeoutException _ -> "registry " + endpoint.host() + " does not answer in time: try again later";
            case SSLException _ ->
                cannot + "no secure connection (" + failure.getMessage()
                        + "): if it speaks plain HTTP and you trust it, name it in insecure-registries";
            case ProtocolException _ -> "registry " + endpoint.host() + " cannot be used: " + failure.getMessage();
            case BusyException _ ->
                "registry " + endpoint.host() + " refuses: " + failure.getMessage() + ": try again later";
            case EOFException _ -> "registry " + endpoint.host() + " ends connections early: try again";
            default ->
                "connection to registry " + endpoint.host() + " was lost (" + failure.getMessage() + "): try again";
        };
    }

    private static boolean causedByName(Throwable failure) {
        return failure != null && (failure instanceof UnresolvedAddressException || causedByName(failure.getCause()));
    }

    private static String connectReason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return cause.getMessage().toLowerCase(java.util.Locale.ROOT);
            }
        }
        // The HTTP client gives no reason when nobody listens on the port.
        return "connection refused";
    }
}
