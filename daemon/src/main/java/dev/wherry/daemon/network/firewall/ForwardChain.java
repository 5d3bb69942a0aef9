package dev.wherry.daemon.network.firewall;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The chain FORWARD of iptables, where the host has one that drops what no rule accepts, as ufw and docker make it. What
 * one table of the kernel drops no other can accept, so two rules accept what comes from or goes to each bridge; the
 * daemon's own table decides about it. A host whose chain drops nothing is left alone.
 */
public final class ForwardChain {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String CHAIN = "FORWARD";

    private final List<String> prefix;
    private final String mark;
    private final ReentrantLock lock = new ReentrantLock();

    /** @param mark comment of the daemon's rules, which no other daemon of the host has */
    public ForwardChain(String mark) {
        this(List.of(), mark);
    }

    /** @param prefix of each command, such as one that enters a namespace */
    ForwardChain(List<String> prefix, String mark) {
        this.prefix = prefix;
        this.mark = mark;
    }

    /** Makes the daemon's rules of the chain those of these bridges. */
    public void admit(Collection<String> bridges) {
        lock.lock();
        try {
            for (String program : List.of("iptables", "ip6tables")) {
                admit(program, bridges);
            }
        } finally {
            lock.unlock();
        }
    }

    private void admit(String program, Collection<String> bridges) {
        Optional<String> path = HostTools.find(program).map(Object::toString);
        if (path.isEmpty()) {
            return;
        }
        Answer chain = run(path.get(), List.of("-S", CHAIN));
        if (chain.code() != 0) {
            // The kernel has no such table.
            return;
        }
        List<String> present =
                chain.output().lines().filter(line -> line.contains(mark)).toList();
        List<List<String>> wanted = drops(chain.output())
                ? bridges.stream()
                        .flatMap(bridge -> Stream.of(rule("-i", bridge), rule("-o", bridge)))
                        .toList()
                : List.of();
        for (List<String> rule : wanted) {
            if (present.stream().noneMatch(line -> isFor(line, rule))) {
                run(path.get(), command("-I", rule));
            }
        }
        for (String line : present) {
            if (wanted.stream().noneMatch(rule -> isFor(line, rule))) {
                run(
                        path.get(),
                        List.of(("-D " + line.substring("-A ".length()))
                                .replace("\"", "")
                                .split(" ")));
            }
        }
    }

    /** @param chain as {@code iptables -S} lists it */
    static boolean drops(String chain) {
        return chain.lines()
                .anyMatch(line ->
                        line.equals("-P " + CHAIN + " DROP") || line.endsWith("-j DROP") || line.contains("-j REJECT"));
    }

    private List<String> rule(String direction, String bridge) {
        return List.of(direction, bridge, "-m", "comment", "--comment", mark, "-j", "ACCEPT");
    }

    private static boolean isFor(String line, List<String> rule) {
        return line.startsWith("-A " + CHAIN + " " + rule.get(0) + " " + rule.get(1) + " ");
    }

    private static List<String> command(String verb, List<String> rule) {
        List<String> command = new ArrayList<>(List.of(verb, CHAIN));
        command.addAll(rule);
        return command;
    }

    private Answer run(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(program);
        command.add("-w");
        command.addAll(arguments);
        try {
            return ShortProgram.run(command, List.of(), new byte[0], PATIENCE);
        } catch (IOException failure) {
            throw new HostException("cannot run " + program + ": " + failure.getMessage(), failure);
        }
    }
}
