package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.api.grpc.LoginMessages;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.registry.auth.RegistryLogin;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.v1.LoginsAnswer;
import dev.wherry.v1.LoginsRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** The logins of one build's client. The client is asked once about each registry, and the answer lasts for the build. */
final class LoginQuestions {

    private final boolean clientHasSome;
    private final Sender sender;
    private final ReentrantLock asking = new ReentrantLock();
    private final BlockingQueue<Optional<LoginsAnswer>> answers = new LinkedBlockingQueue<>();
    private final Map<String, Optional<RegistryLogin>> known = new HashMap<>();

    /** Sends a question to the client. */
    @FunctionalInterface
    interface Sender {
        void send(LoginsRequest question) throws InterruptedException;
    }

    LoginQuestions(boolean clientHasSome, Sender sender) {
        this.clientHasSome = clientHasSome;
        this.sender = sender;
    }

    /** @throws CancelledException when interrupted, or the client goes away */
    RegistryLogins about(Set<String> registries) {
        if (!clientHasSome) {
            return RegistryLogins.NONE;
        }
        try {
            asking.lockInterruptibly();
            try {
                Set<String> unknown = new TreeSet<>(registries);
                unknown.removeAll(known.keySet());
                if (!unknown.isEmpty()) {
                    ask(unknown);
                }
                Map<String, RegistryLogin> found = new HashMap<>();
                registries.forEach(host -> known.get(host).ifPresent(login -> found.put(host, login)));
                return new RegistryLogins(found);
            } finally {
                asking.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        }
    }

    private void ask(Set<String> registries) throws InterruptedException {
        sender.send(LoginsRequest.newBuilder().addAllRegistries(registries).build());
        Optional<LoginsAnswer> answer = answers.take();
        if (answer.isEmpty()) {
            // For those who ask next.
            end();
            throw new CancelledException("the client went away");
        }
        Map<String, RegistryLogin> told =
                LoginMessages.logins(answer.get().getLoginsList()).byHost();
        registries.forEach(host -> known.put(host, Optional.ofNullable(told.get(host))));
    }

    void answered(LoginsAnswer answer) {
        // One is asked for at a time, so that more than one is not an answer.
        if (asking.isLocked() && answers.isEmpty()) {
            answers.add(Optional.of(answer));
        }
    }

    /** The client sends no more. */
    void end() {
        answers.add(Optional.empty());
    }
}
