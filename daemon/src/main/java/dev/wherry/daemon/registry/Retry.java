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

/** When to ask a server again, such as a registry, and what to say when there is no point. */
public final class Retry {

    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private Retry() {}

    /** One request, which may fail. */
    @FunctionalInterface
    public interface Request<T> {
        T run() throws IOException;
    }

    static <T> T of(RegistryEndpoint endpoint, Request<T> request) {
        return of(registry(endpoint), request);
    }

    /**
     * Runs a request until it succeeds or there is no point in trying again.
     *
     * @param server what messages call who is asked
     * @throws UnavailableException when it does not succeed
     * @throws CancelledException when interrupted
     */
    public static <T> T of(String server, Request<T> request) {
        for (int failures = 1; ; failures++) {
            try {
                return request.run();
            } catch (IOException failure) {
                pause(server, failure, failures);
            }
        }
    }

    private static String registry(RegistryEndpoint endpoint) {
        return "registry " + endpoint.host();
    }

    /**
     * Waits before the next attempt, longer after each failure.
     *
     * @param failures how many there were in a row
     * @throws UnavailableException when that was the last attempt
     * @throws CancelledException when interrupted
     */
    static void pause(RegistryEndpoint endpoint, IOException failure, int failures) {
        pause(registry(endpoint), failure, failures);
    }

    private static void pause(String server, IOException failure, int failures) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("cancelled while talking to " + server, failure);
        }
        boolean hopeless = failure instanceof ProtocolException
                || failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLException;
        if (hopeless || failures >= ATTEMPTS) {
            throw new UnavailableException(describe(server, failure), failure);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (failures - 1));
        if (failure instanceof BusyException busy && busy.pause().compareTo(pause) > 0) {
            pause = busy.pause();
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("cancelled while talking to " + server, interrupted);
        }
    }

    private static String describe(String server, IOException failure) {
        String cannot = "cannot reach " + server + ": ";
        return switch (failure) {
            case ConnectException _ when causedByName(failure) -> cannot + "no host of that name";
            case ConnectException _ -> cannot + connectReason(failure) + ": is it running?";
            case HttpConnectTimeoutException _ -> cannot + "it does not answer: is it running?";
            case HttpTimeoutException _ -> server + " does not answer in time: try again later";
            case SSLException _ ->
                cannot + "no secure connection (" + failure.getMessage()
                        + "): if it speaks plain HTTP and you trust it, name it in insecure-registries";
            case ProtocolException _ -> server + " cannot be used: " + failure.getMessage();
            case BusyException _ -> server + " refuses: " + failure.getMessage() + ": try again later";
            case EOFException _ -> server + " ends connections early: try again";
            default -> "connection to " + server + " was lost (" + failure.getMessage() + "): try again";
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
