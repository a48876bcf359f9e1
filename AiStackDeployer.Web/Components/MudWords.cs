using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace AiStackDeployer.Web.Components;

/// <summary>MudBlazor's own words, from our resources; a key that is not there keeps MudBlazor's English.</summary>
public sealed class MudWords(IStringLocalizer<PageTexts> texts) : MudLocalizer
{
    public override LocalizedString this[string key] => texts[key];

    public override LocalizedString this[string key, params object[] arguments] => texts[key, arguments];
}
