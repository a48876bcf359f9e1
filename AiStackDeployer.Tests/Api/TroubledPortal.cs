using System.Reflection;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Deployments;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiStackDeployer.Tests.Api;

/// <summary>A whole portal whose database, keys and policies fail when a test says so.</summary>
public sealed class TroubledPortal : PortalFactory
{
    private readonly TroubledRegister.Switch _register = new();
    private readonly TroubledSecrets.Switch _secrets = new();

    public TroubledPortal()
    {
        With(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IDeploymentStore>(provider =>
                new HookedStore(ActivatorUtilities.CreateInstance<DeploymentStore>(provider))));
            services.Replace(ServiceDescriptor.Singleton<INameRegister>(provider =>
                new TroubledRegister(provider.GetRequiredService<NameRegister>(), _register)));
            services.Replace(ServiceDescriptor.Singleton<IAuditLog>(provider => Troubled<IAuditLog>.Around(ActivatorUtilities.CreateInstance<AuditLog>(provider), _register)));
            services.Replace(ServiceDescriptor.Singleton<IPeople>(provider => Troubled<IPeople>.Around(ActivatorUtilities.CreateInstance<PeopleStore>(provider), _register)));
            services.Replace(ServiceDescriptor.Singleton<IPortalValues>(provider => Troubled<IPortalValues>.Around(ActivatorUtilities.CreateInstance<PortalValueStore>(provider), _register)));
            services.Replace(ServiceDescriptor.Singleton<ISecretProtector>(new TroubledSecrets(_secrets)));
        });
    }

    public static StorageUnavailableException Locked => new("The portal's database is locked by another process.", new IOException());

    public bool KeysAreGone
    {
        set => _secrets.IsGone = value;
    }

    /// <summary>Every question to the database ends so until this is null again.</summary>
    public Exception? Trouble
    {
        set
        {
            _register.Trouble = value;
            ((HookedStore)Services.GetRequiredService<IDeploymentStore>()).Before = _ => value is null ? Task.CompletedTask : Task.FromException(value);
        }
    }

    /// <summary>From the first call of this on, every question to the database ends so; that one does not.</summary>
    public void TroubleAfter(string method)
    {
        var isOver = false;
        ((HookedStore)Services.GetRequiredService<IDeploymentStore>()).Before = called =>
        {
            var trouble = isOver ? Task.FromException(Locked) : Task.CompletedTask;
            isOver |= called == method;
            return trouble;
        };
    }

    /// <summary>Before the start: a policy that lets nobody, as a sign-in might bring one.</summary>
    public TroubledPortal Deny(params string[] policies)
    {
        With(services => services.Configure<AuthorizationOptions>(options =>
        {
            foreach (var policy in policies)
            {
                options.AddPolicy(policy, p => p.RequireAssertion(_ => false));
            }
        }));
        return this;
    }

    internal sealed class TroubledRegister(INameRegister inner, TroubledRegister.Switch trouble) : INameRegister
    {
        public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken) => Ask(() => inner.GetStandingAsync(name, now, cancellationToken));

        public Task<IReadOnlySet<StackName>> FindOccupiedAsync(IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken) =>
            Ask(() => inner.FindOccupiedAsync(names, now, cancellationToken));

        public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
            Ask(() => inner.TryHoldAsync(name, holder, now, until, cancellationToken));

        public Task ReleaseAsync(string holderId, CancellationToken cancellationToken) => inner.ReleaseAsync(holderId, cancellationToken);

        private Task<T> Ask<T>(Func<Task<T>> question) => trouble.Trouble is { } e ? Task.FromException<T>(e) : question();

        public sealed class Switch
        {
            public Exception? Trouble { get; set; }
        }
    }

    /// <summary>Any interface, each call of which ends in the trouble there is.</summary>
    public class Troubled<T> : DispatchProxy where T : class
    {
        private T _inner = null!;
        private TroubledRegister.Switch _switch = null!;

        internal static T Around(T inner, TroubledRegister.Switch trouble)
        {
            var proxy = Create<T, Troubled<T>>();
            (((Troubled<T>)(object)proxy)._inner, ((Troubled<T>)(object)proxy)._switch) = (inner, trouble);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            _switch.Trouble is { } e ? throw e : targetMethod!.Invoke(_inner, args);
    }

    private sealed class TroubledSecrets(TroubledSecrets.Switch keys) : ISecretProtector
    {
        private readonly TestSecrets _inner = new();

        public string Protect(string secret) => _inner.Protect(secret);

        public string Unprotect(string protectedSecret) =>
            keys.IsGone ? throw new SecretUnreadableException(new InvalidOperationException("gone")) : _inner.Unprotect(protectedSecret);

        public sealed class Switch
        {
            public bool IsGone { get; set; }
        }
    }
}
