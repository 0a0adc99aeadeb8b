package dev.sluice.runtime;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT. A shutdown hook would neither let the process end with status 0 nor hear a second signal, so this
 * uses {@code sun.misc.Signal}, reflectively as the compiler warns of each direct use; where the platform has none,
 * signals do what they do by default.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private StopSignals() {}

    /**
     * @param first run at the first signal, on a thread of its own
     * @param again run at every further one
     */
    static void install(Runnable first, Runnable again) {
        AtomicBoolean asked = new AtomicBoolean();
        Runnable onSignal = () -> {
            if (asked.compareAndSet(false, true)) {
                first.run();
            } else {
                again.run();
            }
        };
        try {
            handle("TERM", onSignal);
            handle("INT", onSignal);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.warn("Signals cannot be handled here, a stop will not be orderly: {}", e.toString());
        }
    }

    private static void handle(String name, Runnable onSignal) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                onSignal.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "stop on " + name;
        };
        Object ours = Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {handler}, calls);
        Object named = signal.getConstructor(String.class).newInstance(name);
        Object before = signal.getMethod("handle", signal, handler).invoke(null, named, ours);
        LOG.debug("SIG{} was handled by {}", name, before);
    }
}
