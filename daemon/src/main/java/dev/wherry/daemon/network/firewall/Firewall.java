package dev.wherry.daemon.network.firewall;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The daemon's table of nftables. Each change is one transaction of the kernel, so that the table holds the rules of
 * before or those of after and nothing in between, also when the daemon is killed.
 */
public final class Firewall {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String table;
    private final ReentrantLock lock = new ReentrantLock();
    /** What the table looks up; null when that is not known. Guarded by the lock. */
    private Map<String, Set<String>> written;

    /** @param table its name, which no other daemon of the host has */
    public Firewall(String table) {
        this.table = table;
    }

    /**
     * Makes the table say what it must, if it does not yet.
     *
     * @param rules asked for while no other change is made, so that the last one to write has seen all
     * @throws HostException when the kernel or the host refuses
     */
    public void apply(Supplier<Rules> rules) {
        lock.lock();
        try {
            Map<String, Set<String>> wanted = rules.get().elements();
            if (wanted.equals(written)) {
                return;
            }
            // Somebody may have changed or removed the table meanwhile.
            if (written == null || !run(Rules.update(table, written, wanted)).isEmpty()) {
                make(wanted);
            }
            written = wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the table anew, whatever it says; without anything to say there is none. */
    public void restore(Supplier<Rules> rules) {
        lock.lock();
        try {
            Rules wanted = rules.get();
            written = null;
            if (wanted.networks().isEmpty()) {
                require(run(Rules.none(table)));
                return;
            }
            make(wanted.elements());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes the table anew if another program has removed it or a part of it.
     *
     * @return whether it did
     */
    public boolean repair(Supplier<Rules> rules) {
        lock.lock();
        try {
            Rules wanted = rules.get();
            if (wanted.networks().isEmpty() || isWhole()) {
                return false;
            }
            make(wanted.elements());
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void make(Map<String, Set<String>> wanted) {
        written = null;
        require(run(Rules.all(table, wanted)));
        written = wanted;
    }

    private boolean isWhole() {
        Answer answer = nft(List.of("-t", "list", "table", "inet", table), "");
        return answer.code() == 0 && Rules.areWhole(answer.output());
    }

    private static void require(String failure) {
        if (!failure.isEmpty()) {
            throw new HostException("the host's firewall refuses the rules of networks: " + failure);
        }
    }

    /** @return what went wrong; empty when nothing did */
    private static String run(String commands) {
        Answer answer = nft(List.of("-f", "-"), commands);
        if (answer.code() == 0) {
            return "";
        }
        return (answer.errors() + answer.output()).lines().findFirst().orElse("nft failed");
    }

    private static Answer nft(List<String> arguments, String input) {
        Path program = HostTools.find("nft")
                .orElseThrow(() -> new HostException(
                        "nft is missing, so that no network can be connected: apt-get install nftables"));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        try {
            return ShortProgram.run(command, List.of(), input.getBytes(StandardCharsets.UTF_8), PATIENCE);
        } catch (IOException failure) {
            throw new HostException("cannot run " + program + ": " + failure.getMessage(), failure);
        }
    }
}
