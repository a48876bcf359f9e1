using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Composition;

/// <summary>What the calls of this process have met lately; nothing is asked for the top bar.</summary>
internal sealed class KnownDokployState(DokployHealth health) : IDokployState
{
    public event Action? Changed
    {
        add => health.Changed += value;
        remove => health.Changed -= value;
    }

    public DokployState Current => health.Current.IsWell switch
    {
        null => DokployState.Unknown,
        true => DokployState.Answers,
        false => DokployState.Silent,
    };
}
