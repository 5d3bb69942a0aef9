import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many clients of one daemon at once, in one process: on the machine of the daemon, as many processes would measure how long
 * they take to start. Each client runs whole commands in turn, each with a connection of its own, and begins its round every
 * few seconds. The first seconds, in which the commands are not compiled yet, do not count.
 *
 * <pre>RemoteClients CLIENTS SECONDS PACE CONTEXT OPTION...</pre>
 */
public class RemoteClients {

    private static final double WARM_UP_SECONDS = 20;

    private record Call(int command, double startedAfter, double millis) {}

    public static void main(String[] arguments) throws Exception {
        int clients = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        int paceMillis = 1000 * Integer.parseInt(arguments[2]);
        List<String[]> commands =
                List.of(new String[] {"ps"}, new String[] {"logs", "talks"}, new String[] {"build", "-q", arguments[3]});
        String[] options = Arrays.copyOfRange(arguments, 4, arguments.length);
        Method run = Class.forName("dev.wherry.cli.app.Main").getDeclaredMethod("run", String[].class);
        run.setAccessible(true);
        // What the commands say goes to standard output.
        PrintStream out = System.err;

        Queue<Call> calls = new ConcurrentLinkedQueue<>();
        AtomicInteger failed = new AtomicInteger();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(paceMillis));
                    while (since(start) < seconds * 1000.0) {
                        long began = System.nanoTime();
                        for (int command = 0; command < commands.size(); command++) {
                            String[] line = concat(options, commands.get(command));
                            long from = System.nanoTime();
                            if ((Integer) run.invoke(null, (Object) line) != 0) {
                                failed.incrementAndGet();
                            }
                            calls.add(new Call(command, (from - start) / 1e9, since(from)));
                        }
                        Thread.sleep(Math.max(0, paceMillis - (long) since(began)));
                    }
                } catch (InterruptedException | ReflectiveOperationException end) {
                    failed.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int command = 0; command < commands.size(); command++) {
            int which = command;
            double[] times = calls.stream()
                    .filter(call -> call.command() == which && call.startedAfter() > WARM_UP_SECONDS)
                    .mapToDouble(Call::millis)
                    .sorted()
                    .toArray();
            if (times.length > 0) {
                out.printf(
                        "%-6s %6d calls: median %.1f, slowest hundredth %.1f, slowest %.1f ms%n",
                        commands.get(command)[0],
                        times.length,
                        times[times.length / 2],
                        times[times.length * 99 / 100],
                        times[times.length - 1]);
            }
        }
        out.println("failed " + failed);
        System.exit(0);
    }

    private static double since(long from) {
        return (System.nanoTime() - from) / 1e6;
    }

    private static String[] concat(String[] first, String[] second) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(second));
        return all.toArray(String[]::new);
    }
}
