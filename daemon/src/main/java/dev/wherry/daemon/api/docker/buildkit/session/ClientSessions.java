package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.NotFoundException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The sessions that are open, by their names. A session is open as long as its connection. */
@Singleton
public final class ClientSessions {

    private static final int MOST = 1_000;
    private static final int LONGEST_NAME = 128;

    /** A client opens its session and asks for its build at the same time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SessionChannels channels;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final Map<String, ClientSession> sessions = new HashMap<>();

    ClientSessions(SessionChannels channels) {
        this.channels = channels;
    }

    /** Checks the name of a session before its connection is taken over. */
    public void check(String id) {
        if (id.isEmpty() || id.length() > LONGEST_NAME) {
            throw new ConflictException("a session needs a name of at most " + LONGEST_NAME + " characters");
        }
        lock.lock();
        try {
            if (sessions.containsKey(id)) {
                throw new ConflictException("a session of this name is open already");
            }
            if (sessions.size() >= MOST) {
                throw new ExhaustedException("there are " + MOST + " sessions already: wait until a build ends");
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Uses the services that a client offers, until its bytes end.
     *
     * @param methods in lower case
     */
    public void serve(
            InputStream input, OutputStream output, String id, SessionDirectory directory, Set<String> methods)
            throws IOException, InterruptedException {
        try (SessionChannels.Open channel = channels.open(input, output)) {
            ClientSession session =
                    new ClientSession(id, Caller.current().name(), directory, methods, channel.channel());
            lock.lock();
            try {
                if (sessions.putIfAbsent(id, session) != null) {
                    return;
                }
                opened.signalAll();
            } finally {
                lock.unlock();
            }
            try {
                channel.awaitEnd();
            } finally {
                lock.lock();
                try {
                    sessions.remove(id, session);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /**
     * The caller's session of that name, which may be about to open.
     *
     * @throws NotFoundException when there is none
     */
    public ClientSession await(String id) throws InterruptedException {
        long left = PATIENCE.toNanos();
        String owner = Caller.current().name();
        lock.lockInterruptibly();
        try {
            ClientSession session = sessions.get(id);
            while (session == null && left > 0) {
                left = opened.awaitNanos(left);
                session = sessions.get(id);
            }
            if (session == null || !session.owner().equals(owner)) {
                throw new NotFoundException("session", id, "the client's session " + id + " is not open: build again");
            }
            return session;
        } finally {
            lock.unlock();
        }
    }
}
